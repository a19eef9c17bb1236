#include "tests/sim/cluster/cluster_crowd.h"

#include "client/closing.h"
#include "tests/sim/client_programs/impatient_client.h"
#include "tests/sim/client_programs/reader.h"
#include "tests/sim/cluster/cluster_machine.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace verdikt::tests {

using namespace std::chrono_literals;
using runtime::awaitable;

namespace {

constexpr int records_each = 500;
constexpr int keys = 7;

}  // namespace

cluster_crowd::cluster_crowd(runtime::sim::world& universe,
                             const cluster_shape& shape,
                             const std::deque<cluster_machine>& machines,
                             cluster_watch& watch,
                             cluster_marks& into)
    : universe_(universe),
      watch_(watch),
      marks_(into),
      plan_{.shape = shape},
      administrator_(plan_, machines, watch, produced_, consumed_, into),
      reader_(universe.add_node("reader")) {
    transactors_plan_.topic = "transactions";
    add_senders();
    add("administrator", [this](runtime::environment& world) { return administrator_.run(world); });
    administrator_.draw_habits(universe_.random());
    ending_ = {nodes_.begin(), nodes_.end()};
    if (universe_.random().chance(0.4)) add_members();
    if (universe_.random().chance(0.4)) add_transactors();
}

void cluster_crowd::add(std::string name, runtime::sim::program program) {
    nodes_.push_back(&universe_.add_node(std::move(name)));
    programs_.push_back(std::move(program));
}

void cluster_crowd::add_senders() {
    const auto add_sender = [this](sender_plan plan, produced_history& history) {
        plan.enough = &enough_;
        plan.servers = cluster_addresses(plan_.shape);
        plan.rest_max = 600ms;
        const int index = static_cast<int>(senders_.size());
        restless_sender& made = senders_.emplace_back(index, std::move(plan), history);
        add(fmt::format("sender-{}", index),
            [&made](runtime::environment& world) { return made.run(world); });
    };
    add_sender({.records = records_each, .topic = plan_.main}, produced_);
    add_sender({.records = records_each, .topic = plan_.main}, produced_);
    if (universe_.random().chance(0.5))
        add_sender({.records = records_each, .keys = keys, .topic = plan_.compacted}, compacted_);
    if (universe_.random().chance(0.5))
        add_sender({.records = records_each, .topic = plan_.passing}, passing_);
}

void cluster_crowd::add_members() {
    static const std::vector<std::vector<std::string>> strategies{
        {"range", "cooperative-sticky"}, {"cooperative-sticky"}, {"roundrobin"}};
    members_plan_.topic = plan_.main;
    members_plan_.servers = cluster_addresses(plan_.shape);
    members_plan_.assignors = strategies.at(universe_.random().below(strategies.size()));
    members_plan_.commits_itself = universe_.random().chance(0.7);
    for (int index = 0; index < 2; ++index) {
        const std::string name = fmt::format("member-{}", index);
        const bool is_static = universe_.random().chance(0.3);
        restless_consumer& made =
            members_.emplace_back(members_plan_, consumed_, is_static ? name : "");
        add(name, [&made](runtime::environment& world) { return made.run(world); });
        if (is_static) watch_.has_static_member(*nodes_.back());
    }
}

void cluster_crowd::add_transactors() {
    transactors_plan_.rest_chance = 1;
    transactors_plan_.rest_max = 500ms;
    transactors_plan_.servers = cluster_addresses(plan_.shape);
    // The first two are rivals.
    const std::vector<std::string> ids{"shared", "shared", "alone"};
    for (int index = 0; index < 3; ++index) {
        restless_transactor& made =
            transactors_.emplace_back(index, ids.at(index), transactors_plan_, transactions_);
        add(fmt::format("transactor-{}", index),
            [&made](runtime::environment& world) { return made.run(world); });
        ending_.push_back(nodes_.back());
    }
}

void cluster_crowd::start() {
    for (std::size_t at = 0; at < nodes_.size(); ++at) nodes_[at]->start(programs_[at]);
}

void cluster_crowd::calm() {
    enough_ = true;
    plan_.calm = true;
    members_plan_.calm = true;
    transactors_plan_.calm = true;
}

bool cluster_crowd::is_done() const {
    return std::ranges::none_of(ending_, &runtime::sim::node::running);
}

void cluster_crowd::restart_the_dead() {
    for (runtime::sim::node* const each : nodes_) {
        if (!each->running()) each->restart();
    }
}

awaitable<std::vector<std::string>> cluster_crowd::judge() {
    reader_.start([this](runtime::environment& world) { return read(world); });
    co_await reader_.until_stopped();
    if (reader_.failure()) std::rethrow_exception(reader_.failure());
    if (!members_.empty()) co_await await_members();
    for (runtime::sim::node* const each : nodes_) {
        co_await each->until_stopped();
        if (each->failure()) std::rethrow_exception(each->failure());
    }
    std::vector<std::string> wrong;
    judge_senders(wrong);
    std::ranges::copy(consumed_.violations(), std::back_inserter(wrong));
    judge_transactions(wrong);
    co_return wrong;
}

awaitable<void> cluster_crowd::read(runtime::environment& world) {
    const client::client_config reach = impatient_client(cluster_addresses(plan_.shape));
    found_ = co_await read_topic(world, reach, plan_.main);
    if (watch_.newest().find_topic(plan_.compacted) != nullptr)
        found_compacted_ = co_await read_topic(world, reach, plan_.compacted);
    if (watch_.newest().find_topic(plan_.passing) != nullptr)
        found_passing_ = co_await read_topic(world, reach, plan_.passing);
    client::admin asking(world, reach);
    co_await client::use_and_close(asking, look_at_commits(asking));
    if (transactors_.empty()) co_return;
    // What was left open is aborted by its coordinator within the longest timeout.
    co_await world.sleep_for(6s);
    found_transactions_ = co_await read_transactions(
        world, reach, transactors_plan_.topic, static_cast<int>(transactors_.size()));
}

/// Not asked before the heal: a coordinator that was replaced, and cannot know yet, tells what was
/// committed while it led.
awaitable<void> cluster_crowd::look_at_commits(client::admin& on) {
    const auto before = consumed_.highest();
    const auto offsets = co_await on.list_group_offsets(members_plan_.group);
    if (offsets) consumed_.seen(before, *offsets);
}

awaitable<void> cluster_crowd::await_members() {
    for (int tenth = 0; tenth < 600 && !consumed_.all_processed(found_); ++tenth) {
        // One that had left the group, or was not welcome, comes back.
        restart_the_dead();
        co_await universe_.sleep_for(100ms);
    }
    if (const found_record* const left = consumed_.first_unprocessed(found_)) {
        consumed_.complain(
            fmt::format("{} at {}, and more, was not processed after a minute of calm",
                        left->where,
                        left->offset));
    }
    members_plan_.over = true;
}

void cluster_crowd::judge_senders(std::vector<std::string>& wrong) const {
    const auto take = [&wrong](std::vector<std::string> found) {
        std::ranges::move(found, std::back_inserter(wrong));
    };
    take(produced_.judge(found_, {}));
    take(compacted_.judge_compacted(found_compacted_, keys));
    const auto since = watch_.known_to_all_since(plan_.passing);
    take(passing_.judge(found_passing_,
                        {.once_and_in_order = !may_lose_what_passes(),
                         .durable = since && !may_lose_what_passes(),
                         .since = since.value_or(runtime::instant::max())}));
}

/// An unclean election gives up records, and with them what was known of their producers.
bool cluster_crowd::may_lose_what_passes() const {
    const std::string* const set =
        watch_.newest().find_topic_config(plan_.passing, "unclean.leader.election.enable");
    return set != nullptr && *set == "true";
}

void cluster_crowd::judge_transactions(std::vector<std::string>& wrong) const {
    if (transactors_.empty()) return;
    std::ranges::copy(transactions_.judge(found_transactions_.records), std::back_inserter(wrong));
    for (const auto& [program, found] : found_transactions_.offsets) {
        if (auto why = transactions_.judge_offset(program, found)) wrong.push_back(*why);
    }
    if (found_transactions_.anything_open) wrong.push_back("a transaction is never ended");
}

std::vector<std::string> cluster_crowd::compare_transactions(
    const std::map<kafka::topic_partition, std::vector<committed_record>>& in_logs) const {
    std::map<kafka::topic_partition, std::vector<committed_record>> shown;
    for (const found_transactional& each : found_transactions_.records)
        shown[each.where].push_back({.offset = each.offset, .value = each.what.text()});
    std::vector<std::string> wrong;
    for (const auto& [where, committed] : in_logs) {
        if (transactors_.empty() || shown[where] == committed) continue;
        wrong.push_back(fmt::format("{}: {} records are committed, and {} were shown, or others",
                                    where,
                                    committed.size(),
                                    shown[where].size()));
    }
    return wrong;
}

void cluster_crowd::count() {
    for (const produced_history* const each : {&produced_, &compacted_, &passing_}) {
        marks_.count(mark::delivered, each->count<client::delivered>());
        marks_.count(mark::failed, each->count<client::failed>());
        marks_.count(mark::unknown, each->count<client::unknown>());
    }
    marks_.count(mark::offsets_committed, consumed_.acknowledgements());
    marks_.count(mark::member_lost_its_partitions, consumed_.losses());
    marks_.count(mark::transaction_committed, transactions_.count(transaction_fate::committed));
    marks_.count(mark::transaction_aborted, transactions_.count(transaction_fate::aborted));
    marks_.count(mark::transaction_unknown, transactions_.count(transaction_fate::unknown));
}

}  // namespace verdikt::tests
