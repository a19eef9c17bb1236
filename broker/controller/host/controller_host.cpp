#include "broker/controller/host/controller_host.h"

#include "broker/metadata/record.h"
#include "runtime/check.h"
#include "runtime/log.h"

#include <algorithm>
#include <span>
#include <utility>

namespace verdikt::broker::controller::host {

using kafka::error_code;
using runtime::log_level;

controller_host::controller_host(runtime::environment& world,
                                 host_settings settings,
                                 const config_rules& rules)
    : world_(world),
      settings_(std::move(settings)),
      controller_(settings_.controller, rules),
      next_tick_(runtime::instant::max()),
      working_(world.get_executor()) {}

controller_host::~controller_host() = default;

void controller_host::follow(metadata_log& log) {
    CHECK(log_ == nullptr);
    log_ = &log;
    working_.spawn(keep_ticking());
}

runtime::awaitable<void> controller_host::stop() {
    step_down();
    co_await working_.cancel_and_join();
}

void controller_host::subscribe(metadata_subscriber& who) {
    subscribers_.push_back(&who);
}

void controller_host::unsubscribe(metadata_subscriber& who) {
    std::erase(subscribers_, &who);
}

// ---- Following.

runtime::awaitable<void> controller_host::load(quorum::loaded_snapshot from) {
    CHECK(!is_active(), "a leader has all that is committed");
    if (has_failed_) co_return;
    announce(follower_.load(from));
    commits_.applied(follower_.position().end);
}

runtime::awaitable<void> controller_host::apply(std::vector<quorum::committed_batch> batches) {
    if (has_failed_) co_return;
    announce(follower_.apply(batches));
    if (has_failed_) co_return;
    commits_.applied(follower_.position().end);
    consider_snapshot();
}

void controller_host::announce(const metadata_follower::result& changed) {
    if (!changed) return failed(changed.error());
    // Those that are told may subscribe or unsubscribe somebody.
    const std::vector<metadata_subscriber*> told = subscribers_;
    for (metadata_subscriber* each : told) each->image_changed(image(), *changed);
}

void controller_host::leader_changed(raft::leader_epoch /*epoch*/,
                                     std::optional<raft::node_id> leader) {
    leader_ = leader;
    const std::vector<metadata_subscriber*> told = subscribers_;
    for (metadata_subscriber* each : told) each->controller_changed(leader);
}

void controller_host::failed(std::string_view why) {
    if (std::exchange(has_failed_, true)) return;
    world_.log().write(log_level::error, "metadata_log_failed", {{"why", why}});
    step_down();
    const std::vector<metadata_subscriber*> told = subscribers_;
    for (metadata_subscriber* each : told) each->metadata_failed(why);
}

void controller_host::consider_snapshot() {
    if (is_writing_snapshot_ || follower_.bytes_since_snapshot() < settings_.snapshot_bytes) return;
    if (!log_->may_snapshot(follower_.position())) return;
    is_writing_snapshot_ = true;
    working_.spawn(write_snapshot());
}

runtime::awaitable<void> controller_host::write_snapshot() {
    struct end_of_writing {
        bool& is_writing;
        ~end_of_writing() { is_writing = false; }
    };
    const end_of_writing at_end{is_writing_snapshot_};
    const raft::snapshot_id id = follower_.position();
    std::vector<quorum::frame> frames = follower_.begin_snapshot();
    const std::size_t count = frames.size();
    const bool taken = co_await log_->take_snapshot(id, std::move(frames), follower_.time());
    world_.log().write(taken ? log_level::info : log_level::warning,
                       taken ? "metadata_snapshot_taken" : "metadata_snapshot_refused",
                       {{"end", id.end}, {"epoch", id.epoch}, {"records", count}});
}

// ---- Deciding.

void controller_host::ready(raft::leader_epoch epoch, raft::offset log_end) {
    CHECK(!is_active() && log_ != nullptr);
    CHECK(follower_.position().end == log_end, "ready before everything below is applied");
    if (has_failed_) return;
    epoch_ = epoch;
    appended_end_ = log_->end();
    const auto start = controller_.activate(image(), epoch, now());
    world_.log().write(log_level::info, "controller_activated", {{"epoch", epoch}});
    if (!append(start.records)) return;
    expect_tick();
    if (settings_.looks_for_processes) look_for_all_brokers();
}

void controller_host::leadership_lost(raft::leader_epoch epoch) {
    if (epoch == epoch_) step_down();
}

void controller_host::step_down() {
    if (!is_active()) return;
    controller_.deactivate();
    commits_.abandon();
    next_tick_ = runtime::instant::max();
    world_.log().write(log_level::info, "controller_deactivated", {{"epoch", epoch_}});
}

moment controller_host::now() const {
    return {.now = world_.now(), .log_end = log_->end()};
}

bool controller_host::append(const std::vector<metadata::record>& records) {
    if (records.empty()) return true;
    std::vector<quorum::frame> frames;
    frames.reserve(records.size());
    for (const metadata::record& each : records) frames.push_back(metadata::encode_record(each));
    const auto at = log_->append(epoch_, log_->end(), frames);
    if (!at) {
        // What the controller holds to be appended is not. Nobody else can lead either while the
        // quorum believes that this node does, so it lets go.
        world_.log().write(log_level::warning,
                           "controller_append_refused",
                           {{"epoch", epoch_}, {"error", kafka::name(at.error())}});
        step_down();
        working_.spawn(give_up_leadership());
        return false;
    }
    appended_end_ = *at + static_cast<std::int64_t>(records.size());
    return is_active();
}

runtime::awaitable<void> controller_host::give_up_leadership() {
    co_await log_->resign();
}

template <typename Request, typename Decide>
auto controller_host::decide(Request request, Decide make)
    -> answer<decltype(refusal(request, error_code::none))> {
    if (!is_active()) co_return refusal(request, error_code::not_controller);
    auto made = make(request, now());
    const bool appended = append(made.records);
    if (!appended) co_return refusal(request, error_code::not_controller);
    expect_tick();
    const bool committed = co_await commits_.until(appended_end_);
    if (!committed) co_return refusal(request, error_code::not_controller);
    co_return std::move(made.answer);
}

void controller_host::check_invariants() const {
    follower_.image().check_invariants();
    if (!is_active()) return;
    controller_.check_invariants();
    CHECK(controller_.appended().position().offset < log_->end());
    CHECK(follower_.position().end <= log_->end());
}

// ---- Requests.

namespace messages = kafka::messages;

controller_host::answer<messages::broker_registration_response> controller_host::handle(
    messages::broker_registration_request request) {
    return decide(std::move(request), [this](const auto& asked, moment when) {
        return controller_.register_broker(asked, when);
    });
}

controller_host::answer<messages::unregister_broker_response> controller_host::handle(
    messages::unregister_broker_request request) {
    return decide(std::move(request), [this](const auto& asked, moment when) {
        return controller_.unregister_broker(asked, when);
    });
}

controller_host::answer<messages::broker_heartbeat_response> controller_host::handle(
    messages::broker_heartbeat_request request) {
    return decide(std::move(request), [this](const auto& asked, moment when) {
        return controller_.heartbeat(asked, when);
    });
}

controller_host::answer<messages::alter_partition_response> controller_host::handle(
    messages::alter_partition_request request) {
    return decide(std::move(request), [this](const auto& asked, moment when) {
        return controller_.alter_partition(asked, when);
    });
}

controller_host::answer<messages::assign_replicas_to_dirs_response> controller_host::handle(
    messages::assign_replicas_to_dirs_request request) {
    return decide(std::move(request), [this](const auto& asked, moment when) {
        return controller_.assign_replicas_to_dirs(asked, when);
    });
}

controller_host::answer<messages::allocate_producer_ids_response> controller_host::handle(
    messages::allocate_producer_ids_request request) {
    return decide(std::move(request), [this](const auto& asked, moment when) {
        return controller_.allocate_producer_ids(asked, when);
    });
}

controller_host::answer<messages::create_topics_response> controller_host::handle(
    messages::create_topics_request request) {
    return decide(std::move(request), [this](const auto& asked, moment when) {
        return controller_.create_topics(asked, when, world_.random());
    });
}

controller_host::answer<messages::create_partitions_response> controller_host::handle(
    messages::create_partitions_request request) {
    return decide(std::move(request), [this](const auto& asked, moment when) {
        return controller_.create_partitions(asked, when, world_.random());
    });
}

controller_host::answer<messages::delete_topics_response> controller_host::handle(
    messages::delete_topics_request request) {
    return decide(std::move(request), [this](const auto& asked, moment when) {
        return controller_.delete_topics(asked, when);
    });
}

controller_host::answer<messages::incremental_alter_configs_response> controller_host::handle(
    messages::incremental_alter_configs_request request) {
    return decide(std::move(request), [this](const auto& asked, moment when) {
        return controller_.incremental_alter_configs(asked, when);
    });
}

controller_host::answer<messages::alter_configs_response> controller_host::handle(
    messages::alter_configs_request request) {
    return decide(std::move(request), [this](const auto& asked, moment when) {
        return controller_.alter_configs(asked, when);
    });
}

controller_host::answer<messages::elect_leaders_response> controller_host::handle(
    messages::elect_leaders_request request) {
    return decide(std::move(request), [this](const auto& asked, moment when) {
        return controller_.elect_leaders(asked, when);
    });
}

controller_host::answer<messages::alter_partition_reassignments_response> controller_host::handle(
    messages::alter_partition_reassignments_request request) {
    return decide(std::move(request), [this](const auto& asked, moment when) {
        return controller_.reassign_partitions(asked, when);
    });
}

controller_host::answer<messages::list_partition_reassignments_response> controller_host::handle(
    messages::list_partition_reassignments_request request) {
    return decide(std::move(request), [this](const auto& asked, moment /*when*/) {
        return controller_.list_reassignments(asked);
    });
}

controller_host::answer<messages::update_features_response> controller_host::handle(
    messages::update_features_request request) {
    return decide(std::move(request), [this](const auto& asked, moment when) {
        return controller_.update_features(asked, when);
    });
}

}  // namespace verdikt::broker::controller::host
