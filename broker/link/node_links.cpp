#include "broker/link/node_links.h"

#include "broker/link/line.h"
#include "kafka/buffer_reader.h"
#include "kafka/messages/frame.h"

#include <fmt/format.h>

namespace verdikt::broker::link {

namespace {

using kafka::messages::frame_prefix_size;

runtime::awaitable<void> serve_line(std::shared_ptr<line> which) {
    co_await which->serve();
}

std::expected<std::vector<std::byte>, link_error> make_frame(const raw_call& what,
                                                             std::int32_t correlation,
                                                             const std::string& client_id) {
    kafka::messages::encoded out;
    const auto encoded = kafka::messages::encode_request_frame(
        {.correlation_id = correlation, .client_id = client_id},
        what.request,
        what.request_schema,
        what.version,
        out);
    if (encoded) return std::move(out.bytes);
    return std::unexpected(
        link_error{.why = link_errc::not_expressible,
                   .detail = fmt::format("{} version {}: {} ({})",
                                         what.request_schema.name(),
                                         what.version,
                                         kafka::messages::describe(encoded.error().what),
                                         encoded.error().where)});
}

}  // namespace

node_links::node_links(runtime::environment& world, link_settings settings)
    : world_(world), settings_(std::move(settings)), serving_(world.get_executor()) {}

node_links::~node_links() = default;

void node_links::set_address(kafka::node_id node, runtime::endpoint at) {
    const auto [found, is_new] = addresses_.try_emplace(node, at);
    if (is_new || found->second == at) return;
    found->second = std::move(at);
    retire(node, link_errc::connection_lost);
}

void node_links::forget(kafka::node_id node) {
    addresses_.erase(node);
    retire(node, link_errc::unknown_node);
}

std::optional<runtime::endpoint> node_links::address(kafka::node_id node) const {
    const auto found = addresses_.find(node);
    if (found == addresses_.end()) return std::nullopt;
    return found->second;
}

void node_links::retire(kafka::node_id node, link_errc why) {
    std::erase_if(lines_, [&](const auto& each) {
        if (each.first.node != node) return false;
        each.second->close(why);
        return true;
    });
}

std::shared_ptr<line> node_links::find_or_make(destination to) {
    if (const auto found = lines_.find(to); found != lines_.end()) return found->second;
    const auto at = addresses_.find(to.node);
    if (at == addresses_.end()) return nullptr;
    auto made = std::make_shared<line>(world_, at->second, settings_);
    serving_.spawn(serve_line(made));
    lines_.emplace(to, made);
    return made;
}

runtime::awaitable<std::expected<raw_answer, link_error>> node_links::call_encoded(
    destination to, raw_call what, runtime::duration timeout) {
    if (stopped_) co_return std::unexpected(link_error{.why = link_errc::stopped});
    const std::shared_ptr<line> over = find_or_make(to);
    if (over == nullptr) co_return std::unexpected(link_error{.why = link_errc::unknown_node});
    const std::int32_t correlation = over->next_correlation_id();
    auto frame = make_frame(what, correlation, settings_.client_id);
    if (!frame) co_return std::unexpected(std::move(frame.error()));
    exchange_result answer =
        co_await over->exchange(std::move(*frame), correlation, world_.now() + timeout);
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    kafka::buffer_reader reader((*answer)->bytes());
    if (!kafka::messages::decode_response_header(reader, what.response_schema, what.version)) {
        co_return std::unexpected(link_error{.why = link_errc::malformed_answer,
                                             .of_request = fate::unknown,
                                             .detail = "its header"});
    }
    co_return raw_answer{.bytes = std::move(*answer), .body_at = reader.position()};
}

runtime::awaitable<void> node_links::stop() {
    stopped_ = true;
    for (const auto& [to, each] : lines_) each->close(link_errc::stopped);
    lines_.clear();
    co_await serving_.cancel_and_join();
}

}  // namespace verdikt::broker::link
