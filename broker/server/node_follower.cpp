#include "broker/server/node_follower.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::broker::server {

void node_follower::image_changed(const metadata::image& now, const metadata::changes& changed) {
    learn_brokers(now, changed);
    of_.topics.follow(now, changed);
    for (const auto& [id, name] : changed.topics_removed) of_.topic_deleted(name);
    if (!has_loaded_) {
        load_if_known(now);
        return;
    }
    of_.partitions.apply(now, changed);
}

void node_follower::load_if_known(const metadata::image& now) {
    const metadata::broker_registration* own = now.find_broker(of_.self);
    if (epoch_ == kafka::no_broker_epoch || own == nullptr || own->epoch != epoch_) return;
    of_.partitions.load(now);
    has_loaded_ = true;
    moved_.notify_all();
}

void node_follower::learn_brokers(const metadata::image& now, const metadata::changes& changed) {
    for (const kafka::node_id node : changed.brokers) {
        const metadata::broker_registration* broker = now.find_broker(node);
        if (broker == nullptr) {
            of_.brokers.forget(node);
            continue;
        }
        const auto at = std::ranges::find(
            broker->endpoints, of_.inter_broker_listener, &metadata::endpoint::name);
        if (at != broker->endpoints.end()) {
            of_.brokers.set_address(node, {.host = at->host, .port = at->port});
        }
    }
}

void node_follower::standing_changed(lifecycle::standing now, kafka::broker_epoch epoch) {
    standing_ = now;
    if (epoch != epoch_ && epoch != kafka::no_broker_epoch) {
        epoch_ = epoch;
        of_.partitions.registered(epoch);
        if (!has_loaded_) load_if_known(of_.metadata.image());
    }
    if (now == lifecycle::standing::replaced)
        fail(fmt::format("another process is broker {} now", of_.self));
    if (now == lifecycle::standing::refused) fail("the controller does not take this broker");
    moved_.notify_all();
}

void node_follower::controller_reachable(bool reachable) {
    of_.partitions.controller_reachable(reachable);
}

void node_follower::metadata_failed(std::string_view why) {
    fail(fmt::format("the metadata log: {}", why));
}

void node_follower::fail(std::string why) {
    if (!failure_) failure_ = std::move(why);
    moved_.notify_all();
}

}  // namespace verdikt::broker::server
