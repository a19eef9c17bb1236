// The model's replication: leaders, followers, proposals, and operators who move things.
#include "tests/unit/controller/replicated_cluster.h"

#include <algorithm>
#include <iterator>

namespace verdikt::broker::controller::testing {

using kafka::error_code;
using kafka::node_id;
using metadata::contains;
using metadata::nodes;

namespace {

template <typename Map>
auto any_of(Map& from, runtime::random_source& chance) {
    return std::next(from.begin(), static_cast<std::ptrdiff_t>(chance.below(from.size())));
}

}  // namespace

std::size_t replicated_cluster::counted(const replica& of) const {
    return weather_.durable ? of.synced : of.log.size();
}

std::size_t replicated_cluster::effective_minimum(const broker& of,
                                                  const topic_partition_id& which) const {
    const std::string& topic = of.view.find_topic(which.topic)->name;
    const std::string* text = of.view.find_topic_config(topic, "min.insync.replicas");
    return metadata::effective_min_isr(std::stoi(*text), *of.view.find_partition(which));
}

void replicated_cluster::produce() {
    std::vector<std::int32_t> leaders;
    for (const auto& [id, which] : brokers_) {
        if (which.up && !which.leads.empty()) leaders.push_back(id);
    }
    if (leaders.empty()) return;
    const std::int32_t id = leaders[chance_.below(leaders.size())];
    const topic_partition_id where = any_of(brokers_[id].leads, chance_)->first;
    for (auto left = 1 + chance_.below(3); left > 0; --left)
        brokers_[id].replicas[where].log.push_back(++next_entry_);
    commit(id, where);
}

void replicated_cluster::sync(std::int32_t id) {
    broker& which = brokers_[id];
    if (!which.up) return;
    for (auto& [where, of] : which.replicas) of.synced = of.log.size();
    for (const auto& [where, of] : which.leads) commit(id, where);
}

void replicated_cluster::fetch(std::int32_t id) {
    if (!acts(id)) return;
    for (const auto& [topic_id, topic] : brokers_[id].view.topics()) {
        for (std::size_t index = 0; index < topic.partitions.size(); ++index)
            fetch(id, {topic_id, kafka::partition_index(static_cast<std::int32_t>(index))});
    }
}

void replicated_cluster::fetch(std::int32_t id, const topic_partition_id& which) {
    broker& mine = brokers_[id];
    const metadata::partition& known = *mine.view.find_partition(which);
    if (!contains(known.replicas, node_id(id)) || known.leader == kafka::no_node) return;
    broker& theirs = brokers_[known.leader.value()];
    const auto found = theirs.leads.find(which);
    // Fenced by the leader epoch.
    if (!theirs.up || found == theirs.leads.end() || found->second.epoch != known.leader_epoch)
        return;
    if (known.leader == node_id(id)) return;
    const auto& source = theirs.replicas[which].log;
    replica& copy = mine.replicas[which];
    const auto [ours, others] = std::ranges::mismatch(copy.log, source);
    copy.log.resize(static_cast<std::size_t>(ours - copy.log.begin()));
    copy.synced = std::min(copy.synced, copy.log.size());
    const std::size_t more = chance_.below(source.size() - copy.log.size() + 1);
    std::copy_n(others, more, std::back_inserter(copy.log));
    if (chance_.chance(0.5)) copy.synced = copy.log.size();
    found->second.followers[id] = {.broker_epoch = mine.epoch, .has = counted(copy)};
    commit(known.leader.value(), which);
}

void replicated_cluster::commit(std::int32_t id, const topic_partition_id& which) {
    broker& mine = brokers_[id];
    leadership& of = mine.leads.at(which);
    const metadata::partition& known = *mine.view.find_partition(which);
    if (known.isr.size() < effective_minimum(mine, which)) return;
    nodes members = known.isr;
    if (of.proposed) std::ranges::copy(*of.proposed, std::back_inserter(members));
    std::size_t reached = counted(mine.replicas[which]);
    for (const node_id member : members) {
        if (member == node_id(id)) continue;
        const auto found = of.followers.find(member.value());
        reached = std::min(reached, found == of.followers.end() ? 0 : found->second.has);
    }
    of.committed = std::max(of.committed, reached);
    auto& acknowledged = acknowledged_[which];
    const auto& log = mine.replicas[which].log;
    for (std::size_t at = 0; at < reached && !weather_.unclean; ++at) {
        if (at == acknowledged.size()) acknowledged.push_back({.entry = log[at], .by = of.epoch});
        ASSERT_EQ(acknowledged[at].entry, log[at]) << "an acknowledged entry was overwritten";
    }
    for (const auto& [other, broker] : brokers_) {
        const auto leads = broker.leads.find(which);
        if (leads == broker.leads.end() || leads->second.epoch <= of.epoch) continue;
        ASSERT_TRUE(has_all(other, which, leads->second.epoch))
            << other << " leads later and lacks what " << id << " has";
    }
}

void replicated_cluster::propose(std::int32_t id) {
    broker& which = brokers_[id];
    if (!which.up || which.leads.empty()) return;
    propose(id, any_of(which.leads, chance_)->first);
}

void replicated_cluster::propose(std::int32_t id, const topic_partition_id& which) {
    broker& mine = brokers_[id];
    leadership& of = mine.leads.at(which);
    if (of.proposed) return send(id, which);
    const metadata::partition& known = *mine.view.find_partition(which);
    of.proposed_at = known.epoch;
    if (known.recovery == metadata::recovery_state::recovering) {
        of.proposed = nodes{node_id(id)};
        return send(id, which);
    }
    nodes wanted = known.isr;
    for (const auto& [other, progress] : of.followers) {
        const bool is_in = contains(known.isr, node_id(other));
        const bool has_enough = progress.has >= std::max(of.committed, of.start);
        if (!is_in && has_enough && contains(known.replicas, node_id(other)))
            wanted.emplace_back(other);
        if (is_in && other != id && chance_.chance(0.1)) std::erase(wanted, node_id(other));
    }
    if (wanted == known.isr) return;
    of.proposed = std::move(wanted);
    send(id, which);
}

void replicated_cluster::send(std::int32_t id, const topic_partition_id& which) {
    broker& mine = brokers_[id];
    const leadership& of = mine.leads.at(which);
    messages::alter_partition_request request{.broker_id = id, .broker_epoch = mine.epoch};
    auto& topic = request.topics.emplace_back();
    topic.topic_id = which.topic;
    auto& asked = topic.partitions.emplace_back();
    asked.partition_index = which.partition.value();
    asked.leader_epoch = of.epoch.value();
    asked.partition_epoch = of.proposed_at.value();
    for (const node_id member : *of.proposed) {
        const auto found = of.followers.find(member.value());
        std::int64_t epoch = found == of.followers.end() ? -1 : found->second.broker_epoch;
        if (member == node_id(id)) epoch = mine.epoch;
        asked.new_isr_with_epochs.push_back({member.value(), epoch});
    }
    proposals_.push_back(std::move(request));
}

void replicated_cluster::deliver_proposal() {
    if (proposals_.empty()) return;
    const auto chosen = any_of(proposals_, chance_);
    const auto request = std::move(*chosen);
    proposals_.erase(chosen);
    if (chance_.chance(0.1)) return;  // Lost on the way.
    const auto answer = base_.alter(request);
    if (chance_.chance(0.1)) return;  // Lost on the way back.
    if (answer.error_code == 0) settle(request, answer);
}

/// Only what proves that the proposal did not and will not take effect ends it.
void replicated_cluster::settle(const messages::alter_partition_request& request,
                                const messages::alter_partition_response& answer) {
    const auto& asked = request.topics[0].partitions[0];
    const auto& told = answer.topics.at(0).partitions.at(0);
    const topic_partition_id where{request.topics[0].topic_id,
                                   kafka::partition_index(asked.partition_index)};
    broker& sender = brokers_[request.broker_id];
    const auto leads = sender.leads.find(where);
    if (leads == sender.leads.end() || sender.epoch != request.broker_epoch) return;
    leadership& of = leads->second;
    const bool is_the_one = of.proposed && of.epoch.value() == asked.leader_epoch &&
                            of.proposed_at.value() == asked.partition_epoch;
    const bool is_repeated = std::ranges::find(proposals_, request) != proposals_.end();
    const bool is_refused = told.error_code == wire(error_code::ineligible_replica);
    const bool is_no_change = told.error_code == 0 && told.partition_epoch == asked.partition_epoch;
    if (is_the_one && !is_repeated && (is_refused || is_no_change)) of.proposed.reset();
}

void replicated_cluster::administer() {
    switch (chance_.below(6)) {
        case 0:
            return change_minimum();
        case 1:
        case 2:
            return move_partition();
        case 3:
            base_.elect(any_topic(), 0);
            return;
        case 4: {
            const std::int32_t id = any_broker();
            base_.controller.connection_lost(
                node_id(id), kafka::broker_epoch(brokers_[id].epoch), base_.now);
            return;
        }
        default: {
            const std::int32_t id = any_broker();
            if (chance_.chance(0.3))
                base_.take(base_.controller.unregister_broker({.broker_id = id}, base_.when()));
        }
    }
}

void replicated_cluster::change_minimum() {
    const auto minimum = std::to_string(1 + chance_.below(3));
    if (chance_.chance(0.5)) {
        base_.set_config(4, "", "min.insync.replicas", minimum);
    } else {
        base_.set_config(2, any_topic(), "min.insync.replicas", minimum);
    }
}

void replicated_cluster::move_partition() {
    if (chance_.chance(0.3)) {
        base_.reassign(any_topic(), std::nullopt);
    } else {
        base_.reassign(any_topic(), any_replicas());
    }
}

/// A broker with another directory than the metadata has for its replicas says so.
void replicated_cluster::tell_directories(std::int32_t id) {
    const broker& which = brokers_[id];
    if (!acts(id)) return;
    const kafka::uuid present = which.request.log_dirs.front();
    messages::assign_replicas_to_dirs_request request{.broker_id = id, .broker_epoch = which.epoch};
    request.directories.push_back({.id = present});
    for (const auto& [topic_id, topic] : which.view.topics()) {
        auto& of_topic = request.directories[0].topics.emplace_back();
        of_topic.topic_id = topic_id;
        for (std::size_t index = 0; index < topic.partitions.size(); ++index) {
            const metadata::partition& known = topic.partitions[index];
            if (contains(known.replicas, node_id(id)) && known.directory_of(node_id(id)) != present)
                of_topic.partitions.push_back({static_cast<std::int32_t>(index)});
        }
    }
    base_.take(base_.controller.assign_replicas_to_dirs(request, base_.when()));
}

}  // namespace verdikt::broker::controller::testing
