#include "tests/sim/client_programs/produced_history.h"

#include "runtime/check.h"

#include <fmt/format.h>

#include <charconv>
#include <tuple>

namespace verdikt::tests {

using client::topic_partition;

std::string record_name::text() const {
    return fmt::format("{}/{}/{}", producer, life, number);
}

record_name record_name::read(std::string_view text) {
    record_name name;
    for (int* const field : {&name.producer, &name.life, &name.number}) {
        const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), *field);
        CHECK(problem == std::errc());
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (!text.empty()) text.remove_prefix(1);
    }
    return name;
}

namespace {

using places = std::map<record_name, std::vector<const found_record*>>;

std::string at(const found_record& record) {
    return fmt::format("{} at offset {}", record.where, record.offset);
}

/// Records of one life of one producer keep their order within a partition.
void judge_order(const std::vector<found_record>& found, std::vector<std::string>& wrong) {
    std::map<std::tuple<topic_partition, int, int>, int> newest;
    for (const found_record& each : found) {
        const auto [before, first] =
            newest.try_emplace({each.where, each.name.producer, each.name.life}, each.name.number);
        if (first) continue;
        if (each.name.number <= before->second) {
            wrong.push_back(fmt::format(
                "{} stands behind number {}, {}", each.name.text(), before->second, at(each)));
        }
        before->second = each.name.number;
    }
}

void judge_delivered(const record_name& name,
                     const client::delivered& told,
                     const std::vector<const found_record*>& found,
                     std::vector<std::string>& wrong) {
    if (found.empty()) {
        wrong.push_back(fmt::format(
            "{} was acknowledged at {}, {}, and is lost", name.text(), told.where, told.offset));
        return;
    }
    for (const found_record* const each : found) {
        const bool as_told = each->where == told.where &&
                             (each->offset == told.offset || told.offset == kafka::no_offset);
        if (as_told) return;
    }
    wrong.push_back(fmt::format("{} was acknowledged at {}, {}, and is {}",
                                name.text(),
                                told.where,
                                told.offset,
                                at(*found.front())));
}

}  // namespace

std::vector<std::string> produced_history::judge(const std::vector<found_record>& found,
                                                 const producer_promises& promised) const {
    std::vector<std::string> wrong;
    places by_name;
    for (const found_record& each : found) by_name[each.name].push_back(&each);
    for (const auto& [name, where] : by_name) {
        if (!fates_.contains(name)) wrong.push_back(name.text() + " was never sent");
        if (promised.once_and_in_order && where.size() > 1) {
            wrong.push_back(fmt::format(
                "{} is there twice: {} and {}", name.text(), at(*where[0]), at(*where[1])));
        }
    }
    if (promised.once_and_in_order) judge_order(found, wrong);
    for (const auto& [name, of] : fates_) {
        const auto& where = by_name[name];
        if (!of.how) continue;
        const auto* const told = std::get_if<client::delivered>(&*of.how);
        const bool is_promised = promised.durable && of.sent >= promised.since;
        if (told != nullptr && is_promised && !(where.empty() && may_be_gone(*told)))
            judge_delivered(name, *told, where, wrong);
        if (const auto* const how = std::get_if<client::failed>(&*of.how); how && !where.empty()) {
            wrong.push_back(fmt::format("{} was called failed ({}), and is {}",
                                        name.text(),
                                        how->why.message(),
                                        at(*where.front())));
        }
    }
    return wrong;
}

bool produced_history::may_be_gone(const client::delivered& told) const {
    const auto bound = gone_below_.find(told.where);
    // Where it was nobody knows any more (offset -1), it may have been below.
    return bound != gone_below_.end() && told.offset < bound->second;
}

std::vector<std::string> produced_history::judge_compacted(const std::vector<found_record>& found,
                                                           int keys) const {
    // What is there is what was sent, once and in order; what is gone must have been overwritten.
    std::vector<std::string> wrong = judge(found, {.durable = false});
    std::map<int, kafka::offset> newest;
    for (const found_record& each : found) newest[each.name.number % keys] = each.offset;
    for (const auto& [name, of] : fates_) {
        const auto* const told = of.how ? std::get_if<client::delivered>(&*of.how) : nullptr;
        if (told == nullptr) continue;
        const auto last = newest.find(name.number % keys);
        if (last != newest.end() && last->second >= told->offset) continue;
        wrong.push_back(
            fmt::format("{} was acknowledged at {}, {}, and the newest of its key is {}",
                        name.text(),
                        told->where,
                        told->offset,
                        last == newest.end() ? kafka::no_offset : last->second));
    }
    return wrong;
}

}  // namespace verdikt::tests
