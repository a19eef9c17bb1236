// Requests of other nodes: from the wire's terms to the core's, and back.
#include "broker/quorum/host_parts.h"
#include "broker/raft/wire/administration.h"
#include "broker/raft/wire/election_messages.h"
#include "broker/raft/wire/fetch_messages.h"
#include "broker/raft/wire/topic.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace verdikt::broker::quorum {
namespace {

namespace messages = kafka::messages;
using kafka::error_code;

/// For the changes of voters whose request names no time.
constexpr runtime::duration voter_change_timeout = std::chrono::seconds(30);

std::int16_t code(error_code error) {
    return static_cast<std::int16_t>(error);
}

bool is_of_another_cluster(const std::optional<std::string>& theirs, const std::string& ours) {
    return theirs && *theirs != ours;
}

template <typename Response>
Response refusal(error_code error) {
    Response response;
    response.error_code = code(error);
    return response;
}

template <typename Response>
Response naming(const std::optional<std::pair<raft::node_id, raft::endpoint>>& leader,
                Response response) {
    if (!leader) return response;
    auto& told = response.node_endpoints.emplace_back();
    told.node_id = leader->first.value();
    told.host = leader->second.host;
    told.port = leader->second.port;
    return response;
}

std::size_t size_from(std::int32_t bytes_max, std::int32_t most) {
    return static_cast<std::size_t>(std::clamp(bytes_max, 1, most));
}

}  // namespace

/// The request in the core's terms, or what it is answered with because it has none.
template <typename Response, typename Request>
auto quorum_host::parts::understand(const Request& request) const {
    auto read = raft::wire::from_wire(request);
    using result = std::expected<typename decltype(read)::value_type, Response>;
    if (is_of_another_cluster(request.cluster_id, settings_.cluster_id)) {
        return result(std::unexpected(refusal<Response>(error_code::inconsistent_cluster_id)));
    }
    if (!read) return result(std::unexpected(refusal<Response>(error_code::invalid_request)));
    return result(*std::move(read));
}

runtime::awaitable<messages::vote_response> quorum_host::handle(messages::vote_request request) {
    using response_type = messages::vote_response;
    const auto asked = parts_->understand<response_type>(request);
    if (!asked) co_return asked.error();
    const auto answered = co_await parts_->serve(*asked, 0);
    if (!answered) co_return refusal<response_type>(error_code::broker_not_available);
    co_return naming(answered->leader,
                     raft::wire::to_wire(std::get<raft::vote_answer>(answered->what)));
}

runtime::awaitable<messages::begin_quorum_epoch_response> quorum_host::handle(
    messages::begin_quorum_epoch_request request) {
    using response_type = messages::begin_quorum_epoch_response;
    const auto asked = parts_->understand<response_type>(request);
    if (!asked) co_return asked.error();
    const auto answered = co_await parts_->serve(*asked, 0);
    if (!answered) co_return refusal<response_type>(error_code::broker_not_available);
    co_return naming(answered->leader,
                     raft::wire::to_wire(std::get<raft::begin_epoch_answer>(answered->what)));
}

runtime::awaitable<messages::end_quorum_epoch_response> quorum_host::handle(
    messages::end_quorum_epoch_request request) {
    using response_type = messages::end_quorum_epoch_response;
    const auto asked = parts_->understand<response_type>(request);
    if (!asked) co_return asked.error();
    const auto answered = co_await parts_->serve(*asked, 0);
    if (!answered) co_return refusal<response_type>(error_code::broker_not_available);
    co_return naming(answered->leader,
                     raft::wire::to_wire(std::get<raft::end_epoch_answer>(answered->what)));
}

runtime::awaitable<with_bytes<messages::fetch_response>> quorum_host::handle(
    messages::fetch_request request) {
    using response_type = messages::fetch_response;
    const auto asked = parts_->understand<response_type>(request);
    if (!asked) co_return with_bytes<response_type>{asked.error()};
    const std::size_t bytes_max =
        size_from(request.topics.front().partitions.front().partition_max_bytes,
                  parts_->settings().fetch_bytes_max);
    const auto answered = co_await parts_->serve(*asked, bytes_max);
    if (!answered) {
        co_return with_bytes<response_type>{
            refusal<response_type>(error_code::broker_not_available)};
    }
    const auto& told = std::get<raft::fetch_answer>(answered->what);
    const std::span<const std::byte> records = answered->bytes
                                                   ? std::span<const std::byte>(*answered->bytes)
                                                   : std::span<const std::byte>();
    co_return with_bytes<response_type>{
        naming(answered->leader, raft::wire::to_wire(told, records)), answered->bytes};
}

runtime::awaitable<with_bytes<messages::fetch_snapshot_response>> quorum_host::handle(
    messages::fetch_snapshot_request request) {
    using response_type = messages::fetch_snapshot_response;
    const auto asked = parts_->understand<response_type>(request);
    if (!asked) co_return with_bytes<response_type>{asked.error()};
    const std::size_t bytes_max =
        size_from(request.max_bytes, parts_->settings().snapshot_chunk_bytes);
    const auto answered = co_await parts_->serve(*asked, bytes_max);
    if (!answered) {
        co_return with_bytes<response_type>{
            refusal<response_type>(error_code::broker_not_available)};
    }
    const auto& told = std::get<raft::fetch_snapshot_answer>(answered->what);
    const std::span<const std::byte> bytes = answered->bytes
                                                 ? std::span<const std::byte>(*answered->bytes)
                                                 : std::span<const std::byte>();
    co_return with_bytes<response_type>{naming(answered->leader, raft::wire::to_wire(told, bytes)),
                                        answered->bytes};
}

runtime::awaitable<messages::describe_quorum_response> quorum_host::handle(
    messages::describe_quorum_request request) {
    const bool is_ours =
        request.topics.size() == 1 && request.topics.front().topic_name == raft::wire::topic_name;
    if (!is_ours) {
        co_return refusal<messages::describe_quorum_response>(
            error_code::unknown_topic_or_partition);
    }
    const bool takes_part = parts_->takes_part();
    const runtime::environment& world = parts_->world();
    co_return raft::wire::to_wire(takes_part ? parts_->core().describe(world.now()) : std::nullopt,
                                  takes_part ? parts_->core().log().voters() : raft::voter_set(),
                                  {.now = world.now(), .wall = world.wall_time()});
}

runtime::awaitable<messages::add_raft_voter_response> quorum_host::handle(
    messages::add_raft_voter_request request) {
    using response_type = messages::add_raft_voter_response;
    if (is_of_another_cluster(request.cluster_id, parts_->settings().cluster_id)) {
        co_return refusal<response_type>(error_code::inconsistent_cluster_id);
    }
    const error_code done = co_await parts_->change_voters(
        [&request](auto& core, raft::ticket from, const auto& time, raft::effects& out) {
            core.add_voter(
                from, raft::wire::voter_in(request), raft::wire::endpoints_in(request), time, out);
        },
        std::chrono::milliseconds(std::max(request.timeout_ms, 0)));
    co_return refusal<response_type>(done);
}

runtime::awaitable<messages::remove_raft_voter_response> quorum_host::handle(
    messages::remove_raft_voter_request request) {
    using response_type = messages::remove_raft_voter_response;
    if (is_of_another_cluster(request.cluster_id, parts_->settings().cluster_id)) {
        co_return refusal<response_type>(error_code::inconsistent_cluster_id);
    }
    const error_code done = co_await parts_->change_voters(
        [&request](auto& core, raft::ticket from, const auto& time, raft::effects& out) {
            core.remove_voter(from, raft::wire::voter_in(request), time, out);
        },
        voter_change_timeout);
    co_return refusal<response_type>(done);
}

runtime::awaitable<messages::update_raft_voter_response> quorum_host::handle(
    messages::update_raft_voter_request request) {
    using response_type = messages::update_raft_voter_response;
    if (is_of_another_cluster(request.cluster_id, parts_->settings().cluster_id)) {
        co_return refusal<response_type>(error_code::inconsistent_cluster_id);
    }
    if (!parts_->takes_part()) co_return refusal<response_type>(error_code::broker_not_available);
    const raft::replica& core = parts_->core();
    auto response = refusal<response_type>(error_code::none);
    response.current_leader.leader_id = core.leader().value_or(kafka::no_node).value();
    response.current_leader.leader_epoch = core.epoch().value();
    const raft::leader_epoch known(request.current_leader_epoch);
    if (known != core.epoch()) {
        response.error_code = code(known < core.epoch() ? error_code::fenced_leader_epoch
                                                        : error_code::unknown_leader_epoch);
        co_return response;
    }
    const error_code done = co_await parts_->change_voters(
        [&request](auto& replica, raft::ticket from, const auto& time, raft::effects& out) {
            replica.update_voter(
                from, raft::wire::voter_in(request), raft::wire::endpoints_in(request), time, out);
        },
        voter_change_timeout);
    response.error_code = code(done);
    co_return response;
}

}  // namespace verdikt::broker::quorum
