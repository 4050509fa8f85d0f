# One entry for everything that is done by hand. `make` or `make help` prints what there is.
# Not -q: it would hide the very warnings that fail the build.
MAVEN ?= mvn -B -Dorg.slf4j.simpleLogger.defaultLogLevel=warn
STYLE = StyleTest,ArchitectureTest,IgnoredFutureTest

.DEFAULT_GOAL := help
.PHONY: help fmt check test exhaustive package ward pictures tools demo clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

fmt: ## format all Java files
	@mkdir -p target/fmt
	@find ./*/src bench -name '*.java' > target/fmt/files
	$(MAVEN) -N -Pfmt process-sources

check: ## compile with all warnings as errors, and hold the style and the architecture
	$(MAVEN) verify -Dtest=$(STYLE) -Dsurefire.failIfNoSpecifiedTests=false

test: ## the whole build with every test (mvn verify)
	$(MAVEN) verify

exhaustive: ## the same with every combination instead of a sample; takes long
	$(MAVEN) verify -Pexhaustive

package: ## build cli/target/pgmedic.jar without running the tests
	$(MAVEN) package -DskipTests

ward: tools ## write docs/ward.md from the cases under cli/src/test/ward
	$(MAVEN) test -pl cli -am -Dtest=WardTest -Dsurefire.failIfNoSpecifiedTests=false -Dpgmedic.write=true

pictures: ## make the pictures of the console and the terminal in docs/pictures
	$(MAVEN) test -pl cli -am -Dtest=ConsoleIncidentTest,TerminalPicturesTest -Dsurefire.failIfNoSpecifiedTests=false -Dpgmedic.write=true

tools: ## fetch what the tests use that comes from npm: the ward's tools, an MCP client
	@mkdir -p cli/target/ward-tools cli/target/mcp-tools
	cp cli/src/test/ward/tools/package.json cli/src/test/ward/tools/package-lock.json cli/target/ward-tools
	cd cli/target/ward-tools && npm ci --no-audit --no-fund
	cp cli/src/test/mcp/package.json cli/src/test/mcp/package-lock.json cli/target/mcp-tools
	cd cli/target/mcp-tools && npm ci --no-audit --no-fund

demo: package ## a broken database in an embedded PostgreSQL, monitored and healed
	./pgmedic demo

clean: ## remove what the build made
	$(MAVEN) clean
