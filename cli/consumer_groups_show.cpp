#include "cli/consumer_groups.h"
#include "cli/text_table.h"

#include <fmt/format.h>

#include <map>
#include <utility>

namespace verdikt::cli {

runtime::awaitable<std::set<std::string>> chosen_groups(client::admin& admin,
                                                        const consumer_groups_options& options) {
    if (!options.all_groups) {
        co_return std::set<std::string>(options.groups.begin(), options.groups.end());
    }
    std::set<std::string> names;
    for (const auto& group : value_or_fail(co_await admin.list_groups(), "list groups")) {
        names.insert(group.group_id);
    }
    co_return names;
}

runtime::awaitable<int> list_groups(client::admin& admin, const consumer_groups_options& options) {
    auto groups = value_or_fail(co_await admin.list_groups(), "list groups");
    std::ranges::sort(groups, {}, &client::group_listing::group_id);
    if (!options.state) {
        for (const auto& group : groups) fmt::print("{}\n", group.group_id);
        co_return 0;
    }
    std::vector<std::vector<std::string>> rows{{"GROUP", "STATE"}};
    for (const auto& group : groups) rows.push_back({group.group_id, group.state});
    fmt::print("{}", format_table(rows));
    co_return 0;
}

namespace {

/// Who reads a partition, for the offsets table.
struct owner {
    std::string member_id = "-";
    std::string host = "-";
    std::string client_id = "-";
};

std::map<kafka::topic_partition, owner> owners_of(const client::group_description& group) {
    std::map<kafka::topic_partition, owner> owners;
    for (const client::group_member& member : group.members) {
        for (const auto& partition : member.assignment) {
            owners[partition] = {member.member_id, member.host, member.client_id};
        }
    }
    return owners;
}

std::vector<std::string> offset_row(const std::string& group,
                                    const kafka::topic_partition& where,
                                    const std::optional<client::committed_offset>& committed,
                                    std::optional<std::int64_t> end,
                                    const owner& reader) {
    const bool both = committed && end;
    return {group,
            where.topic,
            fmt::format("{}", where.partition),
            committed ? fmt::format("{}", committed->offset) : "-",
            end ? fmt::format("{}", *end) : "-",
            both ? fmt::format("{}", *end - committed->offset.value()) : "-",
            reader.member_id,
            reader.host,
            reader.client_id};
}

runtime::awaitable<std::map<kafka::topic_partition, std::int64_t>> end_offsets(
    client::admin& admin, const std::set<kafka::topic_partition>& partitions) {
    std::map<kafka::topic_partition, client::offset_query> queries;
    for (const auto& partition : partitions)
        queries.emplace(partition, client::offset_spec::latest);
    std::map<kafka::topic_partition, std::int64_t> ends;
    const auto listed = value_or_fail(co_await admin.list_offsets(queries), "list offsets");
    for (const auto& [where, offset] : listed) {
        if (offset) ends[where] = offset->offset.value();
    }
    co_return ends;
}

runtime::awaitable<void> print_offsets(client::admin& admin,
                                       const client::group_description& group) {
    const auto committed = value_or_fail(co_await admin.list_group_offsets(group.group_id),
                                         "offsets of group " + group.group_id);
    const auto owners = owners_of(group);
    std::set<kafka::topic_partition> partitions;
    for (const auto& [where, offset] : committed) partitions.insert(where);
    for (const auto& [where, reader] : owners) partitions.insert(where);
    const auto ends = co_await end_offsets(admin, partitions);
    std::vector<std::vector<std::string>> rows{{"GROUP",
                                                "TOPIC",
                                                "PARTITION",
                                                "CURRENT-OFFSET",
                                                "LOG-END-OFFSET",
                                                "LAG",
                                                "CONSUMER-ID",
                                                "HOST",
                                                "CLIENT-ID"}};
    for (const auto& where : partitions) {
        const auto offset = committed.find(where);
        const auto reader = owners.find(where);
        const auto end = ends.find(where);
        rows.push_back(
            offset_row(group.group_id,
                       where,
                       offset == committed.end() ? std::nullopt : std::optional(offset->second),
                       end == ends.end() ? std::nullopt : std::optional(end->second),
                       reader == owners.end() ? owner{} : reader->second));
    }
    fmt::print("\n{}", format_table(rows));
}

/// `topic(0,1), other(2)`
std::string assignment_text(const std::set<kafka::topic_partition>& assignment) {
    std::map<std::string, std::vector<kafka::partition_index>> topics;
    for (const auto& where : assignment) topics[where.topic].push_back(where.partition);
    std::vector<std::string> items;
    for (const auto& [topic, partitions] : topics) {
        items.push_back(fmt::format("{}({})", topic, fmt::join(partitions, ",")));
    }
    return items.empty() ? "-" : fmt::format("{}", fmt::join(items, ", "));
}

void print_members(const client::group_description& group, bool verbose) {
    std::vector<std::vector<std::string>> rows{
        {"GROUP", "CONSUMER-ID", "HOST", "CLIENT-ID", "#PARTITIONS"}};
    if (verbose) rows.front().push_back("ASSIGNMENT");
    for (const client::group_member& member : group.members) {
        rows.push_back({group.group_id,
                        member.member_id,
                        member.host,
                        member.client_id,
                        std::to_string(member.assignment.size())});
        if (verbose) rows.back().push_back(assignment_text(member.assignment));
    }
    fmt::print("\n{}", format_table(rows));
}

void print_state(const client::group_description& group) {
    fmt::print(
        "\n{}",
        format_table({{"GROUP", "COORDINATOR (ID)", "ASSIGNMENT-STRATEGY", "STATE", "#MEMBERS"},
                      {group.group_id,
                       std::to_string(group.coordinator),
                       group.protocol.empty() ? "-" : group.protocol,
                       group.state,
                       std::to_string(group.members.size())}}));
}

}  // namespace

runtime::awaitable<int> describe_groups(client::admin& admin,
                                        const consumer_groups_options& options) {
    const auto described = value_or_fail(
        co_await admin.describe_groups(co_await chosen_groups(admin, options)), "describe groups");
    for (const auto& [name, outcome] : described) {
        const auto group = value_or_fail(outcome, "describe group " + name);
        if (group.state == "Dead")
            throw tool_failure(fmt::format("Consumer group '{}' does not exist.", name));
        if (options.state) {
            print_state(group);
        } else if (options.members) {
            print_members(group, options.verbose);
        } else {
            if (group.members.empty()) {
                fmt::print(stderr, "Consumer group '{}' has no active members.\n", name);
            }
            co_await print_offsets(admin, group);
        }
    }
    co_return 0;
}

runtime::awaitable<int> delete_groups(client::admin& admin,
                                      const consumer_groups_options& options) {
    const auto outcomes = value_or_fail(
        co_await admin.delete_groups(co_await chosen_groups(admin, options)), "delete groups");
    std::vector<std::string> deleted;
    int exit_code = 0;
    for (const auto& [name, outcome] : outcomes) {
        if (outcome) {
            deleted.push_back("'" + name + "'");
        } else {
            fmt::print(stderr, "Group '{}' was not deleted: {}\n", name, outcome.error().message());
            exit_code = exit_failed;
        }
    }
    if (!deleted.empty()) fmt::print("Deleted groups: {}\n", fmt::join(deleted, ", "));
    co_return exit_code;
}

}  // namespace verdikt::cli
