# The front door. Every word is a script in .ci/ that says what it does.
.PHONY: run dev test bench release

run: ; @.ci/serve      # install what is missing, build, serve http://127.0.0.1:3000 with the demo
dev: ; @.ci/dev        # the same, rebuilt and restarted on every change
test: ; @.ci/test      # everything that CI runs
bench: ; @.ci/bench    # the figures
release: ; @.ci/release # one optimised binary with the portal in it
