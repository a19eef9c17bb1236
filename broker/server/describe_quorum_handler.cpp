/// DescribeQuorum: who votes on the metadata, and how far each is. Only the leader of the quorum
/// knows, so the question is carried there.
#include "broker/server/forwarding.h"
#include "broker/server/handlers.h"
#include "broker/server/version_limits.h"

namespace verdikt::broker::server {

namespace {

using response = messages::describe_quorum_response;

runtime::awaitable<response> ask_leader(node_services& here,
                                        messages::describe_quorum_request request) {
    const auto leader = here.metadata.leader();
    // With nobody known to lead, our own answer says so.
    if (!leader || *leader == here.node) co_return co_await here.quorum.handle(std::move(request));
    auto answer = co_await here.controllers.call<response>(
        {.node = *leader, .over = link::channel::forwarding},
        std::move(request),
        forwarding_patience);
    if (answer) co_return std::move(answer->message);
    response failed;
    failed.error_code = kafka::to_wire(kafka::error_code::request_timed_out);
    failed.error_message = "the leader of the quorum did not answer";
    co_return failed;
}

}  // namespace

runtime::awaitable<messages::describe_quorum_response> handle_describe_quorum(
    node_services& here, const request_context& asked, messages::describe_quorum_request request) {
    response answer = co_await ask_leader(here, std::move(request));
    co_return as_of(asked.version, std::move(answer));
}

}  // namespace verdikt::broker::server
