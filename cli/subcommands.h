/// One declaration a subcommand; each is defined in the file of its name.
#pragma once

#include "cli/subcommand.h"

namespace verdikt::cli {

action declare_agent(flags& app);
action declare_analyze(flags& app);
action declare_broker(flags& app);
action declare_check(flags& app);
action declare_cluster(flags& app);
action declare_configs(flags& app);
action declare_console_consumer(flags& app);
action declare_console_producer(flags& app);
action declare_consumer_groups(flags& app);
action declare_doctor(flags& app);
action declare_dump_log(flags& app);
action declare_explain(flags& app);
action declare_get_offsets(flags& app);
action declare_leader_election(flags& app);
action declare_list(flags& app);
action declare_metadata_quorum(flags& app);
action declare_producer_perf_test(flags& app);
action declare_reassign_partitions(flags& app);
action declare_serve(flags& app);
action declare_storage(flags& app);
action declare_test(flags& app);
action declare_topics(flags& app);
action declare_transactions(flags& app);
action declare_verifiable_consumer(flags& app);
action declare_verifiable_producer(flags& app);

}  // namespace verdikt::cli
