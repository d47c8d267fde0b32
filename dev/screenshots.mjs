// Takes the pictures that screenshots_list.mjs names: called by dev/screenshots.
import {mkdirSync} from "fs";
import {dirname, join} from "path";
import {chromium} from "playwright-core";
import {shots} from "./screenshots_list.mjs";

const [out, ...names] = process.argv.slice(2);
const {BASE, CHROMIUM, ZONE} = process.env;
const SIZE = {width: 1366, height: 768};
const DESCRIPTION = "radio_sales_team/static/description";

/** One person at the screen: logged in, with their language. */
async function login(browser, user, lang) {
    const context = await browser.newContext({
        viewport: SIZE,
        deviceScaleFactor: 1,
        locale: lang.replace("_", "-"),
        timezoneId: ZONE,
        reducedMotion: "reduce",
    });
    const page = await context.newPage();
    page.setDefaultTimeout(30000);
    // the first page waits until the server has put its scripts together
    page.setDefaultNavigationTimeout(180000);
    await page.goto(`${BASE}/web/login`);
    await page.fill("input[name=login]", user);
    await page.fill("input[name=password]", user);
    await Promise.all([
        page.waitForURL(/\/odoo/),
        page.press("input[name=password]", "Enter"),
    ]);
    await call(page, "res.users", "write", [[await whoami(page)], {lang, tz: ZONE}]);
    countRequests(page);
    return page;
}

async function whoami(page) {
    return page.evaluate(async () => {
        const answer = await fetch("/web/session/get_session_info", {
            method: "POST",
            headers: {"Content-Type": "application/json"},
            body: JSON.stringify({jsonrpc: "2.0", params: {}}),
        });
        return (await answer.json()).result.uid;
    });
}

/** A method of a model, with the rights of whoever is logged in. */
async function call(page, model, method, args, kwargs = {}) {
    const answer = await page.evaluate(
        async ([model, method, args, kwargs]) => {
            const response = await fetch(`/web/dataset/call_kw/${model}/${method}`, {
                method: "POST",
                headers: {"Content-Type": "application/json"},
                body: JSON.stringify({
                    jsonrpc: "2.0",
                    params: {model, method, args, kwargs},
                }),
            });
            return response.json();
        },
        [model, method, args, kwargs]
    );
    if (answer.error) {
        throw new Error(`${model}.${method}: ${answer.error.data?.message}`);
    }
    return answer.result;
}

/** What the page still waits for; the worker that listens for news does not count. */
const open = new Set();
function countRequests(page) {
    open.clear();
    page.on("request", (request) => {
        if (!/websocket|worker|longpolling/.test(request.url())) {
            open.add(request);
        }
    });
    for (const end of ["requestfinished", "requestfailed"]) {
        page.on(end, (request) => open.delete(request));
    }
    page.on("framenavigated", (frame) => frame === page.mainFrame() && open.clear());
}
async function quiet(page) {
    for (let calm = 0, tries = 0; calm < 5 && tries < 100; tries++) {
        calm = open.size ? 0 : calm + 1;
        await page.waitForTimeout(100);
    }
}

/** Nothing is on its way any more: no request, no spinner, no letters, no chart. */
async function settled(page) {
    await quiet(page);
    await page.waitForFunction(() => {
        const busy =
            ".o_loading_indicator, .o_blockUI, .o_view_nocontent_loading, .fa-spin, .spinner-border";
        return ![...document.querySelectorAll(busy)].some((el) => el.offsetParent);
    });
    await page.evaluate(() => document.fonts.ready);
    await page.waitForTimeout(500);
}

async function take(page, shot) {
    let address = shot.at;
    if (!address.startsWith("/")) {
        address = `/odoo/action-${address.includes(".") ? "" : "radio_sales_team."}${address}`;
    }
    if (shot.record) {
        const [model, domain] = shot.record;
        const ids = await call(page, model, "search", [domain], {limit: 1});
        if (!ids.length) {
            throw new Error(`the demo data has no ${model} like ${JSON.stringify(domain)}`);
        }
        address += `/${ids[0]}`;
    }
    await shot.before?.(page, call);
    await page.setViewportSize({...SIZE, ...shot.size});
    await page.goto(BASE + address);
    await page.waitForSelector(shot.wait || ".o_action_manager .o_view_controller, .o_spreadsheet_dashboard_action");
    await settled(page);
    for (const step of shot.steps || []) {
        await step(page);
        await settled(page);
    }
    await page.waitForTimeout(shot.pause || 0);
    await page.mouse.move(0, 0);
    await page.evaluate(() => document.activeElement?.blur());
    const file = join(out, shot.file || `${DESCRIPTION}/${shot.name}.png`);
    mkdirSync(dirname(file), {recursive: true});
    const options = {path: file, animations: "disabled", caret: "hide"};
    await (shot.only ? page.locator(shot.only).first().screenshot(options) : page.screenshot(options));
}

const wanted = shots.filter((shot) => !names.length || names.includes(shot.name));
const unknown = names.filter((name) => !shots.some((shot) => shot.name === name));
if (unknown.length) {
    console.error(`error: no picture is called ${unknown.join(", ")}`);
    process.exit(1);
}
const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--font-render-hinting=none"],
});
let failed = 0;
let page, who;
for (const shot of wanted) {
    const {as, lang = "en_US"} = shot;
    if (who !== as + lang) {
        await page?.context().close();
        page = await login(browser, as, lang);
        page.on("pageerror", (error) => console.error(`  the browser complains: ${error}`));
        who = as + lang;
    }
    try {
        await take(page, shot);
        console.log(`${shot.name} (${as}, ${lang})`);
    } catch (error) {
        failed += 1;
        console.error(`FAILED: ${shot.name}: ${error.message.split("\n")[0]}`);
        await page.screenshot({path: join(out, "..", `failed-${shot.name}.png`)}).catch(() => {});
    }
}
await browser.close();
process.exit(failed ? 1 : 0);
