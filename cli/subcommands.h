/// One declaration a subcommand; each is defined in the file of its name.
#pragma once

#include "cli/subcommand.h"

namespace verdikt::cli {

action declare_broker(CLI::App& app);
action declare_configs(CLI::App& app);
action declare_console_consumer(CLI::App& app);
action declare_console_producer(CLI::App& app);
action declare_consumer_groups(CLI::App& app);
action declare_dump_log(CLI::App& app);
action declare_get_offsets(CLI::App& app);
action declare_producer_perf_test(CLI::App& app);
action declare_topics(CLI::App& app);
action declare_verifiable_consumer(CLI::App& app);
action declare_verifiable_producer(CLI::App& app);

}  // namespace verdikt::cli
