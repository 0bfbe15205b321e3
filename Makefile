# The development commands; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help environment run status stop clean demo test lint isolation bench

help: ## Lists these targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

environment: ## Makes or updates the Python environment in .venv
	@bin/environment

run: environment ## Starts the whole eSpace on this machine and follows it until Ctrl-C
	@exec .venv/bin/espace run

status: environment ## Shows every part of the running eSpace
	@exec .venv/bin/espace status

stop: environment ## Stops the running eSpace
	@exec .venv/bin/espace stop

clean: environment ## Removes the data of the stopped eSpace
	@exec .venv/bin/espace clean

demo: environment ## Shows two persons receive their documents, by eDelivery and by post
	@exec .venv/bin/espace demo

test: environment ## Runs every test, on a broker and a store of its own
	@exec bin/test

lint: environment ## Checks format, rules, types, the walls between the parts, and the lock files
	@exec bin/lint

isolation: environment ## Runs each part's unit tests with only its own dependencies installed
	@exec bin/isolation

bench: environment ## Measures the speed and prints it beside the targets
	@exec .venv/bin/python -m bench
