/// `verdikt reassign-partitions`: moves partitions to other brokers, as kafka-reassign-partitions
/// does.
#include "cli/reassign_partitions.h"

#include "cli/subcommands.h"
#include "cli/text_file.h"
#include "runtime/parse_number.h"

#include <fmt/format.h>

#include <memory>
#include <sstream>

namespace verdikt::cli {

namespace {

struct reassign_flags {
    cluster_flags cluster;
    bool generate = false;
    bool execute = false;
    bool verify = false;
    bool list = false;
    bool cancel = false;
    std::string topics_path;
    std::string plan_path;
    std::string broker_list;
    bool rack_unaware = false;
    bool additional = false;
};

std::set<std::int32_t> parse_brokers(const std::string& text) {
    std::set<std::int32_t> brokers;
    std::istringstream words(text);
    for (std::string word; std::getline(words, word, ',');) {
        const auto id = runtime::parse_number<std::int32_t>(word);
        if (!id || *id < 0 || !brokers.insert(*id).second) {
            throw bad_arguments(fmt::format("--broker-list '{}' is not of the form 1,2,3", text));
        }
    }
    return brokers;
}

template <typename T, typename Parse>
T read(const std::string& path, const std::string& flag, Parse parse) {
    if (path.empty()) throw bad_arguments(flag + " is required");
    return value_or_refuse<T>(parse(text_of_file(path)), path);
}

reassign_act chosen_act(const reassign_flags& given) {
    if (given.list) return list_moves;
    if (given.generate) {
        if (given.broker_list.empty()) throw bad_arguments("--broker-list is required");
        generation_options options{
            .topics = read<std::set<std::string>>(
                given.topics_path, "--topics-to-move-json-file", parse_topics),
            .brokers = parse_brokers(given.broker_list),
            .rack_aware = !given.rack_unaware};
        return [options](client::admin& admin, runtime::environment& world) {
            return generate_plan(admin, world, options);
        };
    }
    auto plan =
        read<partition_assignment>(given.plan_path, "--reassignment-json-file", parse_assignment);
    if (given.execute) {
        return [plan, additional = given.additional](client::admin& admin, runtime::environment&) {
            return execute_plan(admin, plan, additional);
        };
    }
    if (given.cancel) {
        return [plan](client::admin& admin, runtime::environment&) {
            return cancel_plan(admin, plan);
        };
    }
    return [plan](client::admin& admin, runtime::environment&) { return verify_plan(admin, plan); };
}

int run(const reassign_flags& given) {
    const reassign_act act = chosen_act(given);
    auto settings = given.cluster.settings(client::role::admin);
    return run_tool([&](runtime::real::world& world) {
        return with_client<client::admin>(
            world, settings, [&](client::admin& admin) { return act(admin, world); });
    });
}

}  // namespace

action declare_reassign_partitions(flags& app) {
    const auto given = std::make_shared<reassign_flags>();
    given->cluster.declare(app, "--command-config");
    flags acts = app.group("action");
    acts.add_flag("--generate", given->generate, "propose a plan; changes nothing");
    acts.add_flag("--execute", given->execute, "begin to move as the plan says");
    acts.add_flag("--verify", given->verify, "show how far the plan is");
    acts.add_flag("--list", given->list, "show everything that is being moved");
    acts.add_flag("--cancel", given->cancel, "stop what the plan is still moving");
    acts.require_one();
    app.add_option("--topics-to-move-json-file",
                   given->topics_path,
                   R"(with --generate: {"version": 1, "topics": [{"topic": "t"}]})");
    app.add_option("--broker-list", given->broker_list, "with --generate: 1,2,3 to move to");
    app.add_flag("--disable-rack-aware", given->rack_unaware, "with --generate: ignore racks");
    app.add_option("--reassignment-json-file",
                   given->plan_path,
                   "the plan, as --generate prints it, for the other actions");
    app.add_flag("--additional",
                 given->additional,
                 "with --execute: also while other partitions are being moved");
    return [given] { return run(*given); };
}

}  // namespace verdikt::cli
