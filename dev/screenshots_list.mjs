// The pictures: who is logged in, what they open, what they click. The name is
// the file's name in the addon's static/description/, unless "file" says where.
// What "before" does stays, so the order counts.
const click = (selector) => (page) => page.locator(selector).first().click();
const button = (name) => click(`button[name=${name}]:visible`);
const fill = (selector, text) => (page) => page.locator(selector).last().fill(text);
const lead = (name) => ["crm.lead", [["name", "=", name]]];
/** Opens a page of the form's notebook and scrolls it to the screen's start or end. */
const notebook = (name, block) => async (page) => {
    await page.locator(`.o_notebook a[name=${name}]`).click();
    await page
        .locator(".o_notebook .tab-pane.active")
        .evaluate((el, block) => el.scrollIntoView({block}), block);
};
const BOARD = "radio_upsell_signal_action";

const inquiries = {as: "backoffice", at: "crm_lead_action_inquiry", size: {height: 600}};
const take_call = (note) => ({
    as: "backoffice",
    at: "crm_lead_action_inquiry",
    steps: [
        click(".o_control_panel button:has-text('Take call'), .o_control_panel button:has-text('Anruf')"),
        (page) =>
            page
                .locator(".modal .o_field_widget[name=caller_id] input")
                .pressSequentially("korn", {delay: 60}),
        click(".modal .o_field_widget[name=caller_id] .dropdown-item:has-text('Uwe Korn')"),
        fill(".modal .o_field_widget[name=note] textarea:visible", note),
        click(".modal .o_field_widget[name=next_step] label"),
    ],
});
const hand_over = (note) => ({
    as: "backoffice",
    at: "crm_lead_action_inquiry",
    record: lead("Flyer at reception: open day of the music school"),
    steps: [
        button("action_hand_over"),
        fill(".modal .o_field_widget[name=note] textarea:visible", note),
    ],
});
const round = {as: "backoffice", at: "crm_lead_action_round"};
const asked_of_me = {as: "seller", at: "radio_handover_action_mine", size: {height: 260}};
const signals = {
    as: "seller",
    at: BOARD,
    before: async (page, call) => {
        const signals = "radio.upsell.signal";
        const open = [["kind", "=", "expiry"], ["state", "=", "new"], ["user_id.login", "=", "seller"]];
        const ids = await call(page, signals, "search", [open]);
        await call(page, signals, "action_accept", [ids]);
        await call(page, signals, "action_offer", [ids.slice(1)]);
    },
};
// Its figures come one by one, onto a canvas that does not say when it is done.
const dashboard = {as: "manager", at: "/odoo/dashboards", pause: 8000};
const no_contact = {as: "manager", at: "crm_lead_action_no_contact"};
const german = (shot, name) => ({
    ...shot,
    name: `de_${name}`,
    lang: "de_DE",
    before: undefined,
    file: `docs/pictures/de_${name}.png`,
});

export const shots = [
    {name: "inquiries", ...inquiries},
    {name: "take_call", ...take_call("Wants 20 spots in the week of the opening")},
    {
        name: "history",
        as: "backoffice",
        at: "crm_lead_action_inquiry",
        record: lead("Sponsorship of the traffic news"),
        steps: [notebook("contact_attempts", "start")],
    },
    {name: "hand_over", ...hand_over("Has a budget of 1,500, wants to hear two examples")},
    {name: "round", ...round},
    german(inquiries, "inquiries"),
    german(take_call("Möchte 20 Spots in der Eröffnungswoche"), "take_call"),
    german(hand_over("Budget 1.500, möchte zwei Beispiele hören"), "hand_over"),
    german(round, "round"),
    {name: "pipeline", as: "seller", at: "/odoo/crm", size: {height: 640}},
    {name: "asked_of_me", ...asked_of_me},
    {
        name: "tier_gap",
        as: "seller",
        at: BOARD,
        record: ["radio.upsell.signal", [["name", "like", "501"]]],
        size: {height: 440},
    },
    {name: "signals", ...signals},
    {
        name: "statement",
        as: "seller",
        at: "radio_commission_statement_action_mine",
        record: ["radio.commission.statement", [["user_id.login", "=", "seller"]]],
    },
    {
        name: "contributed",
        as: "seller",
        at: "crm.crm_lead_action_pipeline",
        record: lead("Short breaks by the sea, three months"),
        steps: [notebook("contributions", "end")],
    },
    german(asked_of_me, "asked_of_me"),
    german(signals, "signals"),
    {name: "no_contact", ...no_contact},
    {
        name: "response_report",
        as: "manager",
        at: "radio_response_report_action",
        size: {height: 520},
        steps: [
            click(".o_pivot tbody tr:nth-child(2) th"),
            click(".o-dropdown--menu .dropdown-item:has-text('Came In By')"),
        ],
    },
    {name: "slow_costs", as: "manager", at: "radio_win_report_action", size: {height: 500}},
    {name: "value", as: "manager", at: "radio_value_report_action", size: {height: 530}},
    {
        name: "dashboard",
        ...dashboard,
        file: "spreadsheet_dashboard_radio_sales_team/static/description/dashboard.png",
    },
    german(no_contact, "no_contact"),
    german(dashboard, "dashboard"),
    {name: "settings", as: "admin", at: "/odoo/settings#crm"},
];
