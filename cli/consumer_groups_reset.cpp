#include "cli/consumer_groups.h"
#include "cli/text_table.h"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <map>

namespace verdikt::cli {

namespace {

using reset_plan = std::map<kafka::topic_partition, std::int64_t>;

std::vector<topic_selection> selections_of(const std::vector<std::string>& items) {
    std::vector<topic_selection> selections;
    for (const std::string& item : items) {
        auto parsed = parse_topic_selection(item);
        if (!parsed) throw bad_arguments(parsed.error());
        selections.push_back(std::move(*parsed));
    }
    return selections;
}

using listed = std::map<kafka::topic_partition, std::int64_t>;

/// Partitions whose offset could not be looked up end the tool; those without a record at the asked
/// time are absent.
runtime::awaitable<listed> look_up(client::admin& admin,
                                   const std::set<kafka::topic_partition>& partitions,
                                   client::offset_query query) {
    std::map<kafka::topic_partition, client::offset_query> queries;
    for (const auto& where : partitions) queries.emplace(where, query);
    const auto answers = value_or_fail(co_await admin.list_offsets(queries), "list offsets");
    listed offsets;
    for (const auto& [where, answer] : answers) {
        const auto found = value_or_fail(answer, fmt::format("offset of {}", where));
        if (found.offset != kafka::no_offset) offsets[where] = found.offset.value();
    }
    co_return offsets;
}

runtime::awaitable<reset_plan> plan_scenario(client::admin& admin,
                                             const std::string& group,
                                             const std::set<kafka::topic_partition>& partitions,
                                             const reset_scenario& scenario) {
    const auto committed =
        value_or_fail(co_await admin.list_group_offsets(group), "offsets of group " + group);
    const listed earliest = co_await look_up(admin, partitions, client::offset_spec::earliest);
    const listed latest = co_await look_up(admin, partitions, client::offset_spec::latest);
    listed at_time;
    if (const auto* time = std::get_if<to_time>(&scenario)) {
        at_time = co_await look_up(admin, partitions, kafka::timestamp(time->timestamp_ms));
    }
    reset_plan plan;
    for (const auto& where : partitions) {
        partition_positions known{.earliest = earliest.at(where), .latest = latest.at(where)};
        if (const auto found = committed.find(where); found != committed.end()) {
            known.committed = found->second.offset.value();
        }
        if (const auto found = at_time.find(where); found != at_time.end()) {
            known.at_time = found->second;
        }
        const auto target = reset_target(scenario, known);
        if (!target) {
            throw tool_failure(fmt::format(
                "cannot shift {}: group {} has no committed offset there", where, group));
        }
        plan[where] = *target;
    }
    co_return plan;
}

/// Lines of `topic,partition,offset`; with several groups `group,topic,partition,offset`, of which
/// only this group's are taken.
reset_plan plan_from_file(const std::string& path, const std::string& group) {
    std::ifstream file(path);
    if (!file) throw bad_arguments(fmt::format("cannot read '{}'", path));
    reset_plan plan;
    for (std::string line; std::getline(file, line);) {
        std::vector<std::string> cells;
        for (std::size_t from = 0; from <= line.size();) {
            const std::size_t comma = std::min(line.find(',', from), line.size());
            cells.push_back(line.substr(from, comma - from));
            from = comma + 1;
        }
        if (cells.size() == 4 && cells.front() != group) continue;
        if (cells.size() == 4) cells.erase(cells.begin());
        std::int32_t partition = 0;
        std::int64_t offset = 0;
        const auto number = [](const std::string& text, auto& into) {
            const char* const end = text.data() + text.size();
            return std::from_chars(text.data(), end, into).ptr == end && !text.empty();
        };
        if (cells.size() != 3 || !number(cells[1], partition) || !number(cells[2], offset)) {
            throw bad_arguments(
                fmt::format("'{}' in {} is not topic,partition,offset", line, path));
        }
        plan[{cells[0], kafka::partition_index(partition)}] = offset;
    }
    return plan;
}

runtime::awaitable<reset_plan> make_plan(client::admin& admin,
                                         const consumer_groups_options& options,
                                         const std::string& group) {
    if (!options.from_file.empty()) co_return plan_from_file(options.from_file, group);
    std::set<kafka::topic_partition> partitions;
    if (options.all_topics) {
        const auto committed =
            value_or_fail(co_await admin.list_group_offsets(group), "offsets of group " + group);
        for (const auto& [where, offset] : committed) partitions.insert(where);
    } else {
        partitions = co_await chosen_partitions(admin, selections_of(options.topics));
    }
    co_return co_await plan_scenario(admin, group, partitions, *options.scenario);
}

void print_plan(const std::string& group,
                const reset_plan& plan,
                const consumer_groups_options& options) {
    if (options.export_csv) {
        const bool one_group = options.groups.size() == 1 && !options.all_groups;
        for (const auto& [where, offset] : plan) {
            fmt::print(
                "{}{},{},{}\n", one_group ? "" : group + ",", where.topic, where.partition, offset);
        }
        return;
    }
    std::vector<std::vector<std::string>> rows{{"GROUP", "TOPIC", "PARTITION", "NEW-OFFSET"}};
    for (const auto& [where, offset] : plan) {
        rows.push_back(
            {group, where.topic, fmt::format("{}", where.partition), std::to_string(offset)});
    }
    fmt::print("\n{}", format_table(rows));
}

/// A group with members would go on from its own positions and commit over the reset.
runtime::awaitable<void> require_no_members(client::admin& admin, std::string group) {
    const auto described =
        value_or_fail(co_await admin.describe_groups({group}), "describe groups");
    const auto& outcome = described.at(group);
    if (outcome && !outcome->members.empty()) {
        throw tool_failure(fmt::format(
            "group '{}' is {} with {} members; offsets can only be reset while it has none",
            group,
            outcome->state,
            outcome->members.size()));
    }
}

}  // namespace

runtime::awaitable<std::set<kafka::topic_partition>> chosen_partitions(
    client::admin& admin, const std::vector<topic_selection>& selections) {
    std::set<std::string> names;
    for (const auto& selection : selections) names.insert(selection.topic);
    const auto described = value_or_fail(co_await admin.describe_topics(names), "describe topics");
    std::set<kafka::topic_partition> partitions;
    for (const auto& selection : selections) {
        const auto topic = value_or_fail(described.at(selection.topic), "topic " + selection.topic);
        for (const auto& partition : topic.partitions) {
            const bool wanted = selection.partitions.empty() ||
                                std::ranges::find(selection.partitions, partition.index) !=
                                    selection.partitions.end();
            if (wanted)
                partitions.insert({selection.topic, kafka::partition_index(partition.index)});
        }
    }
    co_return partitions;
}

runtime::awaitable<int> delete_group_offsets(client::admin& admin,
                                             const consumer_groups_options& options) {
    int exit_code = 0;
    const auto partitions = co_await chosen_partitions(admin, selections_of(options.topics));
    for (const std::string& group : co_await chosen_groups(admin, options)) {
        const auto outcomes = value_or_fail(co_await admin.delete_group_offsets(group, partitions),
                                            "delete offsets of " + group);
        std::vector<std::vector<std::string>> rows{{"TOPIC", "PARTITION", "STATUS"}};
        for (const auto& [where, outcome] : outcomes) {
            if (!outcome) exit_code = exit_failed;
            rows.push_back({where.topic,
                            fmt::format("{}", where.partition),
                            outcome ? "Successful" : "Error: " + outcome.error().message()});
        }
        fmt::print("\n{}", format_table(rows));
    }
    co_return exit_code;
}

runtime::awaitable<int> reset_group_offsets(client::admin& admin,
                                            const consumer_groups_options& options) {
    for (const std::string& group : co_await chosen_groups(admin, options)) {
        co_await require_no_members(admin, group);
        const reset_plan plan = co_await make_plan(admin, options, group);
        if (options.execute) {
            std::map<kafka::topic_partition, client::committed_offset> offsets;
            for (const auto& [where, offset] : plan) {
                offsets[where] = {.offset = kafka::offset(offset)};
            }
            const auto outcomes = value_or_fail(co_await admin.alter_group_offsets(group, offsets),
                                                "reset offsets of " + group);
            for (const auto& [where, outcome] : outcomes) {
                value_or_fail(outcome, fmt::format("cannot reset {}", where));
            }
        }
        print_plan(group, plan, options);
    }
    co_return 0;
}

}  // namespace verdikt::cli
