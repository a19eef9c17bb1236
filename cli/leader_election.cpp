/// `verdikt leader-election`: elects leaders of partitions, as kafka-leader-election does.
#include "cli/partition_list.h"
#include "cli/subcommands.h"
#include "cli/text_file.h"
#include "cli/tool.h"
#include "client/admin.h"

#include <fmt/format.h>

#include <memory>

namespace verdikt::cli {

namespace {

struct election_options {
    cluster_flags cluster;
    std::string type;
    std::string topic;
    std::optional<std::int32_t> partition;
    bool everywhere = false;
    std::string json_path;
};

using partitions = std::set<kafka::topic_partition>;

/// Nothing stands for all partitions.
std::optional<partitions> chosen_partitions(const election_options& options) {
    if (options.topic.empty() == options.partition.has_value()) {
        throw bad_arguments("--topic and --partition are given together or not at all");
    }
    const int ways =
        int(!options.topic.empty()) + int(options.everywhere) + int(!options.json_path.empty());
    if (ways != 1) {
        throw bad_arguments(
            "give one of --topic with --partition, --all-topic-partitions, --path-to-json-file");
    }
    if (options.everywhere) return std::nullopt;
    if (const auto& index = options.partition) {
        return partitions{{.topic = options.topic, .partition = kafka::partition_index(*index)}};
    }
    return value_or_refuse(parse_partitions(text_of_file(options.json_path)), options.json_path);
}

int report(const client::outcomes<kafka::topic_partition>& outcomes, const std::string& type) {
    std::vector<std::string> elected;
    std::vector<std::string> unneeded;
    std::size_t failed = 0;
    for (const auto& [which, outcome] : outcomes) {
        const std::string name = kafka::to_text(which);
        if (outcome) {
            elected.push_back(name);
        } else if (outcome.error().code == kafka::error_code::election_not_needed) {
            unneeded.push_back(name);
        } else {
            ++failed;
            fmt::print(stderr,
                       "Error completing leader election ({}) for partition: {}: {}\n",
                       type,
                       name,
                       outcome.error().message());
        }
    }
    if (!elected.empty()) {
        fmt::print("Successfully completed leader election ({}) for partitions {}\n",
                   type,
                   fmt::join(elected, ", "));
    }
    if (!unneeded.empty()) {
        fmt::print("Valid replica already elected for partitions {}\n", fmt::join(unneeded, ", "));
    }
    if (failed == 0) return 0;
    fmt::print(stderr, "{} replica(s) could not be elected\n", failed);
    return exit_failed;
}

runtime::awaitable<int> elect(client::admin& admin,
                              const election_options& options,
                              std::optional<partitions> where) {
    const bool preferred = options.type == "preferred";
    const auto type = preferred ? client::election_type::preferred : client::election_type::unclean;
    const auto outcomes =
        value_or_fail(co_await admin.elect_leaders(type, std::move(where)), "elect leaders");
    co_return report(outcomes, preferred ? "PREFERRED" : "UNCLEAN");
}

int run(const election_options& options) {
    const auto where = chosen_partitions(options);
    auto settings = options.cluster.settings(client::role::admin);
    return run_tool([&](runtime::real::world& world) {
        return with_client<client::admin>(
            world, settings, [&](client::admin& admin) { return elect(admin, options, where); });
    });
}

}  // namespace

action declare_leader_election(flags& app) {
    const auto options = std::make_shared<election_options>();
    options->cluster.declare(app, "--admin.config,--command-config");
    app.add_option("--election-type", options->type, "preferred, or unclean: anybody who lives")
        .required()
        .one_of({"preferred", "unclean"});
    app.add_option("--topic", options->topic, "elect for --partition of this topic");
    app.add_option("--partition", options->partition, "number of a partition of --topic")
        .non_negative();
    app.add_flag("--all-topic-partitions", options->everywhere, "elect for every partition");
    app.add_option("--path-to-json-file",
                   options->json_path,
                   R"(file: {"partitions": [{"topic": "t", "partition": 0}]})");
    return [options] { return run(*options); };
}

}  // namespace verdikt::cli
