#include "tests/sim/cluster/cluster_crowd.h"

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

constexpr int records_each = 1'000;

}  // namespace

cluster_crowd::cluster_crowd(runtime::sim::world& universe)
    : universe_(universe), reader_(universe.add_node("reader")) {
    for (int index = 0; index < 2; ++index) {
        restless_sender& made = senders_.emplace_back(
            index,
            sender_plan{.records = records_each, .topic = topic_, .servers = cluster_addresses()},
            produced_);
        add(fmt::format("sender-{}", index),
            [&made](runtime::environment& world) { return made.run(world); });
        ending_.push_back(nodes_.back());
    }
    if (universe_.random().chance(0.4)) add_members();
    if (universe_.random().chance(0.4)) add_transactors();
}

void cluster_crowd::add(std::string name, runtime::sim::program program) {
    nodes_.push_back(&universe_.add_node(std::move(name)));
    programs_.push_back(std::move(program));
}

void cluster_crowd::add_members() {
    static const std::vector<std::vector<std::string>> strategies{
        {"range", "cooperative-sticky"}, {"cooperative-sticky"}, {"roundrobin"}};
    members_plan_.topic = topic_;
    members_plan_.servers = cluster_addresses();
    members_plan_.assignors = strategies.at(universe_.random().below(strategies.size()));
    members_plan_.commits_itself = universe_.random().chance(0.7);
    for (int index = 0; index < 2; ++index) {
        const std::string name = fmt::format("member-{}", index);
        const bool is_static = universe_.random().chance(0.3);
        restless_consumer& made =
            members_.emplace_back(members_plan_, consumed_, is_static ? name : "");
        add(name, [&made](runtime::environment& world) { return made.run(world); });
    }
}

void cluster_crowd::add_transactors() {
    transactors_plan_.topic = "transactions";
    transactors_plan_.servers = cluster_addresses();
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
    members_plan_.calm = true;
    transactors_plan_.calm = true;
}

bool cluster_crowd::is_done() const {
    return std::ranges::all_of(senders_, &restless_sender::all_sent) &&
           std::ranges::none_of(ending_, &runtime::sim::node::running);
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
    std::vector<std::string> wrong = produced_.judge(found_, {});
    std::ranges::copy(consumed_.violations(), std::back_inserter(wrong));
    judge_transactions(wrong);
    co_return wrong;
}

awaitable<void> cluster_crowd::read(runtime::environment& world) {
    const client::client_config reach = impatient_client(cluster_addresses());
    found_ = co_await read_topic(world, reach, topic_);
    if (transactors_.empty()) co_return;
    // What was left open is aborted by its coordinator within the longest timeout.
    co_await world.sleep_for(10s);
    found_transactions_ = co_await read_transactions(
        world, reach, transactors_plan_.topic, static_cast<int>(transactors_.size()));
}

awaitable<void> cluster_crowd::await_members() {
    for (int second = 0; second < 60 && !consumed_.all_processed(found_); ++second) {
        // One that had left the group, or was not welcome, comes back.
        restart_the_dead();
        co_await universe_.sleep_for(1s);
    }
    if (!consumed_.all_processed(found_))
        consumed_.complain("not all records were processed, after a minute of calm");
    members_plan_.over = true;
}

void cluster_crowd::judge_transactions(std::vector<std::string>& wrong) const {
    if (transactors_.empty()) return;
    std::ranges::copy(transactions_.judge(found_transactions_.records), std::back_inserter(wrong));
    for (const auto& [program, found] : found_transactions_.offsets) {
        if (auto why = transactions_.judge_offset(program, found)) wrong.push_back(*why);
    }
    if (found_transactions_.anything_open) wrong.push_back("a transaction is never ended");
}

void cluster_crowd::count(cluster_marks& into) const {
    into.count(mark::delivered, produced_.count<client::delivered>());
    into.count(mark::failed, produced_.count<client::failed>());
    into.count(mark::unknown, produced_.count<client::unknown>());
    into.count(mark::offsets_committed, consumed_.acknowledgements());
    into.count(mark::transaction_committed, transactions_.count(transaction_fate::committed));
    into.count(mark::transaction_aborted, transactions_.count(transaction_fate::aborted));
    into.count(mark::transaction_unknown, transactions_.count(transaction_fate::unknown));
}

}  // namespace verdikt::tests
