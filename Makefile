# What can be done here. Everything is downloaded and built into a cache outside
# of this folder (RADIO_CACHE); the first time takes a few minutes.
.PHONY: help setup demo stop test lint format i18n crash soak bench live neighbours screenshots wheels clean clean-all

help:
	@echo "make demo       Odoo with the addon and its demo data  (PORT=8070, DB=name)"
	@echo "make stop       stop it"
	@echo "make test       all tests in a fresh database          (ARGS='-k tour -x')"
	@echo "make lint       static checks;  make format  repairs what can be repaired"
	@echo "make i18n       bring the terms to translate up to date"
	@echo "make crash      kill the scheduled action at random, look for what was lost"
	@echo "make soak       a large group's day in a quarter of an hour, with everything going down"
	@echo "make bench      measure"
	@echo "make live       install, upgrade, uninstall in a database of 200,000 leads"
	@echo "make neighbours core's own tests without and with us   (ARGS='crm sale')"
	@echo "make screenshots  take the pictures of descriptions and guides again"
	@echo "make wheels     a wheel of each addon, in dist/"
	@echo "make clean      stop, remove this checkout's databases"
	@echo "make clean-all  the same and the whole cache"
	@echo "dev/odoo ...    Odoo's command line;  dev/psql, dev/python, dev/newdb, dev/mail"

setup:
	@dev/setup odoo python postgres browser lint

demo:
	@dev/demo $(ARGS)

stop:
	@dev/stop

test:
	@dev/test $(ARGS)

lint:
	@dev/lint

format:
	@dev/lint --fix

i18n:
	@dev/i18n $(ARGS)

crash:
	@dev/python dev/crash.py $(ARGS)

soak:
	@dev/python dev/soak.py $(ARGS)

bench:
	@dev/python dev/bench.py $(ARGS)

live:
	@dev/python dev/live.py $(ARGS)

neighbours:
	@dev/setup lint
	@dev/python dev/neighbours.py $(ARGS)

screenshots:
	@dev/screenshots $(ARGS)

wheels:
	@dev/wheels

clean:
	@dev/clean

clean-all:
	@dev/clean --all
