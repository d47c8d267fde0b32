"""A large group's day in a quarter of an hour: make soak [ARGS="--minutes 15"]

Odoo with several workers and a cron worker, ten inquiries a second by mail, a hundred
users who read, answer, hand over, accept and win. Meanwhile PostgreSQL is restarted
twice, once without warning, and workers are killed at random. A mail that was not taken
is sent again with the same Message-Id, as mail servers do. Afterwards dev/soak_audit.py
looks for what was lost or doubled.

Stop whatever else uses the development server first: its PostgreSQL goes down.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path

import requests
import soak_audit
from soak_people import ACTIONS, prepare

DEV = Path(__file__).resolve().parent
DATABASE = "radio_soak"
MAIL_THREADS = 8
PEOPLE_THREADS = 20
# A person does something every so many seconds.
THINK = 20
LOCK = threading.Lock()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--mails", type=float, default=10, help="a second")
    parser.add_argument("--users", type=int, default=100)
    parser.add_argument("--restarts", type=int, choices=range(3), default=2)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    args = parser.parse_args()
    random.seed(args.seed)
    print(f"seed {args.seed}: {args.minutes:g} minutes, {args.mails:g} mails a second")
    subprocess.run([DEV / "newdb", DATABASE, "radio_sales_team"], check=True)
    # the development server confirms before it has written, which is quick, and loses
    # the last confirmed rows where it is stopped without warning
    sql = f"ALTER DATABASE {DATABASE} SET synchronous_commit = on"
    subprocess.run([DEV / "psql", "-q", "-d", DATABASE, "-c", sql], check=True)
    soak_audit.run(DATABASE, prepare, args.users)
    server = Server(args.workers)
    try:
        traffic = Traffic(server.url, args)
        traffic.run(server)
        complaints = wait_for_the_rest(server)
    finally:
        server.stop()
    complaints += soak_audit.run(DATABASE, soak_audit.audit, traffic.sent)
    complaints += traffic.find_never_done()
    traffic.tell()
    print(
        f"{server.kills} workers killed, PostgreSQL restarted {server.restarts} times, "
        f"Odoo started {server.starts} times"
    )
    for complaint in complaints:
        print("LOST OR DOUBLED:", complaint)
    sys.exit(bool(complaints))


def wait_for_the_rest(server):
    """The scheduled actions finish what is due."""
    for _attempt in range(60):
        server.keep_alive()
        due = soak_audit.run(DATABASE, soak_audit.count_due)
        if not due:
            return []
        time.sleep(5)
    return [f"{due} reminders and deals are still due after five minutes"]


class Server:
    """Odoo with workers, and a mail server that takes everything."""

    def __init__(self, workers):
        from odoo import sql_db

        sql_db.close_all()
        self.kills = self.restarts = 0
        port, smtp = 8191, 8193
        self.url = f"http://127.0.0.1:{port}"
        log = Path(os.environ["ODOO_RC"]).with_name("soak.log")
        print(f"log: {log}", flush=True)
        mails = Path(os.environ["ODOO_RC"]).with_name("soak-mail")
        mails.mkdir(exist_ok=True)
        self.sink = subprocess.Popen(
            [sys.executable, DEV / "mail_sink.py", str(smtp), mails],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.command = [
            *(sys.executable, DEV / "serve.py", "-c", os.environ["ODOO_RC"]),
            *("-d", DATABASE, "--db-filter", f"^{DATABASE}$", "--no-database-list"),
            *("--http-port", str(port), "--gevent-port", str(port + 1)),
            *("--workers", str(workers), "--max-cron-threads", "1"),
            *("--smtp", "127.0.0.1", "--smtp-port", str(smtp)),
            *("--logfile", str(log), "--log-level", "warn"),
        ]
        self.starts = 0
        self.keep_alive()
        for _attempt in range(120):
            try:
                requests.get(f"{self.url}/web/login", timeout=60)
                return
            except requests.RequestException:
                time.sleep(0.5)
        raise SystemExit("Odoo does not start")

    def keep_alive(self):
        """Start Odoo again where it gave up, as a service manager does: with its
        database gone it ends."""
        if not self.starts or self.odoo.poll() is not None:
            self.odoo = subprocess.Popen(self.command)
            self.starts += 1

    def kill_one(self):
        """Kill a worker, the cron worker too, without warning."""
        children = subprocess.run(
            ["pgrep", "-P", str(self.odoo.pid)],
            check=False,
            capture_output=True,
            text=True,
        ).stdout.split()
        if children:
            os.kill(int(random.choice(children)), signal.SIGKILL)
            self.kills += 1

    def restart_postgres(self, mode):
        subprocess.run(
            ["bash", "-c", '. "$1/lib.sh"; pg_restart "$2"', "bash", DEV, mode],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        self.restarts += 1

    def stop(self):
        for process in (self.odoo, self.sink):
            process.terminate()
            process.wait()


class Traffic:
    """Mails and people, each with the time that it took."""

    def __init__(self, url, args):
        self.url, self.args = url, args
        self.seconds, self.failures = defaultdict(list), Counter()
        self.sent, self.number = [], 0
        self.end = None

    def run(self, server):
        sessions = self.log_in()
        groups = min(PEOPLE_THREADS, len(sessions))
        self.start = time.monotonic()
        self.end = self.start + 60 * self.args.minutes
        threads = [
            *(threading.Thread(target=self.send) for _number in range(MAIL_THREADS)),
            *(
                threading.Thread(target=self.work, args=(n, sessions[n::groups]))
                for n in range(groups)
            ),
        ]
        for thread in threads:
            thread.start()
        self.disturb(server)
        for thread in threads:
            thread.join()

    def log_in(self):
        """Sessions of everybody, the administrator's for mails aside."""
        sessions = []
        for number in range(self.args.users):
            role = "back" if number % 4 == 0 else "seller"
            session = Session(self.url, f"{role}{number}")
            sessions.append((role, session))
        return sessions

    def disturb(self, server):
        """A worker dies every half minute, the database goes down twice."""
        restarts = {0.33: "fast", 0.66: "immediate"}
        for when in [*restarts][self.args.restarts :]:
            del restarts[when]
        pause = min(30, self.args.minutes * 6)
        killed = self.start
        while time.monotonic() < self.end:
            time.sleep(1)
            server.keep_alive()
            if time.monotonic() < killed + pause:
                continue
            killed = time.monotonic()
            part = (time.monotonic() - self.start) / (60 * self.args.minutes)
            server.kill_one()
            for when in [when for when in restarts if when <= part < 1]:
                server.restart_postgres(restarts.pop(when))

    def send(self):
        """Hand mails to Odoo at their time, again and again until it takes them."""
        session = Session(self.url, "admin")
        while True:
            with LOCK:
                number, self.number = self.number, self.number + 1
            due = self.start + number / self.args.mails
            if due >= self.end:
                return
            time.sleep(max(0, due - time.monotonic()))
            message_id = f"<soak-{number}@else.example>"
            for attempt in range(60):
                if attempt:
                    time.sleep(2)
                if self.time("mail", deliver, session, number, message_id):
                    break
            with LOCK:
                self.sent.append(message_id)

    def work(self, number, sessions):
        """These people do something by turns."""
        chance = random.Random(self.args.seed + number)
        while time.monotonic() < self.end:
            for role, session in sessions:
                name, action = chance.choice(ACTIONS[role])
                self.time(name, action, session, chance)
                time.sleep(chance.uniform(0, 2 * THINK / len(sessions)))

    def time(self, name, function, *args):
        """Whether it went well."""
        start = time.monotonic()
        try:
            function(*args)
        except Refused:
            name = f"{name}, refused"  # a colleague was quicker
        except (requests.RequestException, ValueError) as error:
            with LOCK:
                self.failures[f"{name}: {type(error).__name__}"] += 1
            return False
        with LOCK:
            self.seconds[name].append(time.monotonic() - start)
        return True

    def find_never_done(self):
        """Else a day on which everything was refused would have lost nothing."""
        names = {name for actions in ACTIONS.values() for name, _action in actions}
        return [f"nobody could do it: {name}" for name in names - self.seconds.keys()]

    def tell(self):
        for name, seconds in sorted(self.seconds.items()):
            median, slow = (
                1000 * sorted(seconds)[int(part * (len(seconds) - 1))]
                for part in (0.5, 0.95)
            )
            print(
                f"{name:<24}{len(seconds):>7}   median {median:>6.0f} ms"
                f"   95 % within {slow:>6.0f} ms"
            )
        for name, number in self.failures.most_common():
            print(f"failed and tried again: {name:<32}{number:>5}")


class Refused(Exception):
    """A sentence of Odoo's for whoever clicked."""


class Session:
    """Somebody who is logged in."""

    def __init__(self, url, login):
        self.url, self.http = url, requests.Session()
        values = {"db": DATABASE, "login": login, "password": login}
        for _attempt in range(60):
            try:
                self.user_id = self.ask("/web/session/authenticate", values)["uid"]
                return
            except (requests.RequestException, ValueError):
                time.sleep(1)
        raise SystemExit(f"{login} cannot log in")

    def call(self, model, method, *args, **kwargs):
        return self.ask(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def ask(self, path, params):
        response = self.http.post(
            self.url + path,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
            timeout=120,
        )
        response.raise_for_status()
        answer = response.json()
        if error := answer.get("error"):
            name = error["data"]["name"]
            if name.startswith("odoo.exceptions."):
                raise Refused(error["data"]["message"])
            raise ValueError(name)
        return answer.get("result")


def deliver(session, number, message_id):
    """One in ten writes from an address that has asked before."""
    customer = number - number % 10 if number % 10 == 9 else number
    session.call(
        "mail.thread",
        "message_process",
        False,
        f"From: Customer {customer} <customer{customer}@else.example>\n"
        f"To: team{number % 5}@soak.example\n"
        f"Subject: Spots, number {number}\n"
        f"Message-Id: {message_id}\n"
        "Content-Type: text/plain; charset=utf-8\n\n"
        "What does a week of radio cost?\n",
    )


if __name__ == "__main__":
    from odoo.tools import config

    config.parse_config(["-c", os.environ["ODOO_RC"], "--log-level=critical"])
    main()
