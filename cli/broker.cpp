/// `verdikt broker`: runs a broker in the foreground, as `verdikt-broker` does.
#include "broker/program/program.h"
#include "cli/subcommands.h"

#include <memory>

namespace verdikt::cli {

namespace {

struct broker_options {
    std::string config;
    std::vector<std::string> overrides;
    bool print_config_docs = false;
};

int run(const broker_options& options) {
    std::vector<std::string> words;
    if (!options.config.empty()) words.insert(words.end(), {"--config", options.config});
    for (const std::string& item : options.overrides) {
        words.insert(words.end(), {"--override", item});
    }
    if (options.print_config_docs) words.emplace_back("--print-config-docs");
    return broker::program::run_program(std::move(words));
}

}  // namespace

action declare_broker(flags& app) {
    const auto options = std::make_shared<broker_options>();
    app.add_option("--config", options->config, "a server.properties file");
    app.add_option("--override", options->overrides, "key=value, wins over the file");
    app.add_flag("--print-config-docs", options->print_config_docs, "list the keys and end");
    return [options] { return run(*options); };
}

}  // namespace verdikt::cli
