#include "tests/sim/quorum/quorum_node.h"

#include "broker/quorum/link_peers.h"
#include "kafka/messages/encode.h"
#include "runtime/check.h"
#include "runtime/scope.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <utility>

namespace verdikt::tests {

using broker::quorum::frame;
using broker::quorum::quorum_host;
using runtime::awaitable;
using namespace std::chrono_literals;

namespace {

/// Faster than the defaults, so that much happens in little time.
raft::settings quick(const node_form& form) {
    return {.self = {raft::node_id(form.number), {}},
            .may_vote = form.may_vote,
            .election_timeout = 300ms,
            .fetch_timeout = 600ms,
            .election_backoff_max = 300ms,
            .request_timeout = 300ms,
            .retry_backoff = 20ms,
            .fetch_wait_max = 150ms};
}

broker::quorum::quorum_settings settings_of(const node_form& form) {
    return {.replica = quick(form),
            .cluster_id = "sim",
            .voters = form.voters,
            .fetch_bytes_max = 2'000,
            .snapshot_chunk_bytes = 1'000,
            .segment_bytes = 4'000};
}

runtime::duration around(runtime::environment& world, runtime::duration mean) {
    return runtime::duration(world.random().between(1, 2 * mean.count()));
}

template <typename Request>
awaitable<reaction> answer_with_bytes(quorum_host& host, const asked& what) {
    const auto response = co_await host.handle(what.as<Request>());
    co_return reaction{.bytes = what.answered_by(response.message)};
}

template <typename Request>
awaitable<reaction> answer_plainly(quorum_host& host, const asked& what) {
    const auto response = co_await host.handle(what.as<Request>());
    co_return reaction{.bytes = what.answered_by(response)};
}

awaitable<reaction> react(quorum_host& host, asked what) {
    using namespace kafka::messages;
    using kafka::api_key;
    switch (what.key) {
        case api_key::vote:
            co_return co_await answer_plainly<vote_request>(host, what);
        case api_key::begin_quorum_epoch:
            co_return co_await answer_plainly<begin_quorum_epoch_request>(host, what);
        case api_key::end_quorum_epoch:
            co_return co_await answer_plainly<end_quorum_epoch_request>(host, what);
        case api_key::fetch:
            co_return co_await answer_with_bytes<fetch_request>(host, what);
        case api_key::fetch_snapshot:
            co_return co_await answer_with_bytes<fetch_snapshot_request>(host, what);
        default:
            CHECK(false, "nobody sends requests of key {}", static_cast<int>(what.key));
            co_return reaction{};
    }
}

}  // namespace

std::string host_name(int node) {
    return fmt::format("node-{}", node);
}

/// Everything of one run.
class quorum_node::life {
  public:
    life(quorum_node& of, runtime::environment& world, broker::storage::log_directory& directory)
        : node_(of),
          world_(world),
          machine_(of.form_.number, of.judge_, of.counts_),
          links_(world, {.connect_timeout = 300ms}),
          others_(links_, settings_of(of.form_), "CONTROLLER"),
          host_(world, directory, settings_of(of.form_), others_, machine_),
          server_(world, [this](asked what) { return react(host_, what); }),
          working_(world.get_executor()) {}

    /// Ends, having ended everything, by an exception or because the replica failed.
    awaitable<void> live() {
        std::exception_ptr ended;
        try {
            co_await work();
        } catch (...) {
            ended = std::current_exception();
        }
        node_.host_ = nullptr;
        node_.machine_ = nullptr;
        co_await working_.cancel_and_join();
        co_await host_.stop();
        co_await links_.stop();
        if (ended) std::rethrow_exception(ended);
    }

  private:
    awaitable<void> work() {
        const auto started = co_await host_.start();
        if (!started) throw std::runtime_error(started.error());
        node_.host_ = &host_;
        node_.machine_ = &machine_;
        node_.log_end_ = host_.replica().log().end();
        working_.spawn(server_.serve(controller_port));
        working_.spawn(append());
        working_.spawn(take_snapshots());
        while (!machine_.has_failed()) co_await machine_.changed().wait();
    }

    awaitable<void> append() {
        for (;;) {
            const auto epoch = machine_.leading();
            if (!epoch || node_.append_interval == runtime::duration::zero()) {
                co_await world_.sleep_for(50ms);
                continue;
            }
            co_await world_.sleep_for(around(world_, node_.append_interval));
            append_once(*epoch);
        }
    }

    void append_once(raft::leader_epoch epoch) {
        std::vector<frame> frames(1 + world_.random().below(3));
        for (frame& each : frames) {
            each.resize(16 + world_.random().below(200));
            const std::uint64_t value = ++node_.last_value_;
            std::memcpy(each.data(), &value, sizeof(value));
        }
        const raft::offset end = host_.replica().log().end();
        const auto appended = host_.append(epoch, end, frames);
        if (appended) CHECK(*appended == end, "appended at {} instead of {}", *appended, end);
        (appended ? node_.counts_.appended : node_.counts_.refused) += 1;
    }

    awaitable<void> take_snapshots() {
        for (;;) {
            if (node_.snapshot_interval == runtime::duration::zero()) {
                co_await world_.sleep_for(100ms);
                continue;
            }
            co_await world_.sleep_for(around(world_, node_.snapshot_interval));
            const raft::snapshot_id at = machine_.position();
            if (!host_.may_snapshot(at)) continue;
            const bool taken = co_await host_.take_snapshot(
                at,
                machine_.snapshot(),
                kafka::timestamp(world_.wall_time().time_since_epoch().count()));
            if (taken) ++node_.counts_.snapshots_taken;
        }
    }

    quorum_node& node_;
    runtime::environment& world_;
    state_machine machine_;
    broker::link::node_links links_;
    broker::quorum::link_peers others_;
    quorum_host host_;
    request_server server_;
    runtime::scope working_;
};

awaitable<void> quorum_node::run(runtime::environment& world) {
    auto opened = co_await broker::storage::log_directory::open(
        world,
        "/data",
        {.cluster_id = "sim", .node = kafka::node_id(form_.number), .reserved_bytes = 0});
    if (!opened) throw std::runtime_error(std::string(describe(opened.error())));
    const std::unique_ptr<broker::storage::log_directory> directory = *std::move(opened);
    std::exception_ptr ended;
    {
        life now(*this, world, *directory);
        try {
            co_await now.live();
        } catch (...) {
            ended = std::current_exception();
        }
    }
    co_await directory->stop();
    if (ended) std::rethrow_exception(ended);
}

void quorum_node::probe() {
    if (host_ == nullptr) return;
    const raft::replica& core = host_->replica();
    core.check_invariants();
    const raft::offset end = core.log().end();
    if (end < log_end_) ++counts_.truncations;
    log_end_ = end;
}

}  // namespace verdikt::tests
