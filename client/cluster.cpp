#include "client/cluster.h"

#include "kafka/messages/find_coordinator.h"
#include "runtime/deadline.h"
#include "runtime/parse_number.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace verdikt::client {

std::optional<runtime::endpoint> parse_address(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return std::nullopt;
    const auto port = runtime::parse_number<std::uint16_t>(text.substr(colon + 1));
    if (!port) return std::nullopt;
    std::string_view host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    return runtime::endpoint{.host = std::string(host), .port = *port};
}

cluster::cluster(runtime::environment& world, const client_config& config)
    : world_(world), config_(config), running_(world.get_executor()) {
    for (const std::string& server : config.bootstrap_servers) {
        const auto address = parse_address(server);
        if (!address) {
            throw std::invalid_argument(
                fmt::format("bootstrap.servers: {} is not host:port", server));
        }
        const kafka::node_id id(-static_cast<std::int32_t>(bootstrap_.size()) - 2);
        bootstrap_.push_back(id);
        link_to(id, *address);
    }
}

void cluster::start() {
    running_.spawn(keep_metadata());
}

runtime::awaitable<void> cluster::stop() {
    for (auto& [id, link] : links_) {
        if (link->current) link->current->close({.reason = errc::closed});
    }
    co_await running_.cancel_and_join();
}

call_options cluster::options_for(runtime::instant deadline, std::int16_t version_at_most) const {
    return {.client_id = config_.client_id,
            .deadline = std::min(deadline, world_.now() + config_.request_timeout_ms),
            .version_at_most = version_at_most};
}

runtime::duration cluster::retry_delay(std::uint32_t failures) {
    const exponential_backoff backoff{.initial = config_.retry_backoff_ms,
                                      .max = config_.retry_backoff_max_ms};
    return backoff.delay(failures, world_.random());
}

// Connections.

cluster::link* cluster::find_link(kafka::node_id node) {
    const auto known = metadata_.brokers().find(node);
    if (known != metadata_.brokers().end()) return &link_to(node, known->second.address);
    const auto found = links_.find(node);
    return found == links_.end() ? nullptr : found->second.get();
}

cluster::link& cluster::link_to(kafka::node_id node, const runtime::endpoint& address) {
    std::unique_ptr<link>& slot = links_[node];
    if (!slot) slot = std::make_unique<link>();
    if (slot->address != address) {
        if (slot->current) {
            slot->current->close({.reason = errc::disconnected, .detail = "the broker moved"});
        }
        slot->address = address;
        slot->failures = 0;
        slot->not_before = {};
    }
    return *slot;
}

bool cluster::is_connected(kafka::node_id node) const {
    const auto found = links_.find(node);
    return found != links_.end() && found->second->current && found->second->current->open();
}

runtime::awaitable<std::expected<std::shared_ptr<connection>, call_failure>> cluster::connect_to(
    kafka::node_id node, runtime::instant deadline) {
    link* const to = find_link(node);
    if (to == nullptr) {
        co_return std::unexpected(
            call_failure{.why = {.reason = errc::disconnected,
                                 .detail = fmt::format("unknown broker {}", node)}});
    }
    for (;;) {
        if (to->current && to->current->open()) co_return to->current;
        if (!to->connecting) {
            to->connecting = true;
            running_.spawn(establish(*to));
        }
        if (!co_await runtime::with_deadline(world_, deadline, to->changed.wait())) {
            co_return std::unexpected(call_failure{
                .why = {.reason = errc::timed_out,
                        .detail = fmt::format(
                            "connecting to {}:{}", to->address.host, to->address.port)}});
        }
        const bool usable = to->current && to->current->open();
        if (!usable && !to->connecting) {
            co_return std::unexpected(call_failure{.why = to->last_failure});
        }
    }
}

runtime::awaitable<void> cluster::establish(link& to) {
    co_await world_.sleep_until(to.not_before);
    const runtime::endpoint address = to.address;
    auto opened = co_await open_connection(address);
    to.connecting = false;
    if (opened) {
        to.current = std::move(*opened);
        to.failures = 0;
    } else {
        to.current = nullptr;
        to.last_failure = std::move(opened.error());
        const exponential_backoff backoff{.initial = config_.reconnect_backoff_ms,
                                          .max = config_.reconnect_backoff_max_ms};
        ++to.failures;
        to.not_before = world_.now() + backoff.delay(to.failures, world_.random());
    }
    to.changed.notify_all();
}

runtime::awaitable<std::expected<std::shared_ptr<connection>, error>> cluster::open_connection(
    runtime::endpoint address) {
    const std::string name = fmt::format("{}:{}", address.host, address.port);
    const auto deadline = world_.now() + config_.socket_connection_setup_timeout_ms;
    using connected = std::expected<std::unique_ptr<runtime::stream>, runtime::errc>;
    runtime::awaitable<connected> connecting = world_.net().connect(address);
    std::optional<connected> transport =
        co_await runtime::with_deadline<connected>(world_, deadline, std::move(connecting));
    if (!transport) co_return failure(errc::disconnected, name + ": connecting timed out");
    if (!*transport) {
        co_return failure(errc::disconnected,
                          fmt::format("{}: {}", name, runtime::describe(transport->error())));
    }
    auto opened =
        std::make_shared<connection>(world_,
                                     std::move(**transport),
                                     static_cast<std::size_t>(config_.receive_message_max_bytes));
    running_.spawn(opened->serve(opened));
    const call_options options{.client_id = config_.client_id, .deadline = deadline};
    auto negotiated = co_await negotiate(opened, options);
    if (!negotiated) {
        opened->close(negotiated.error().why);
        error why = std::move(negotiated.error().why);
        why.detail = why.detail.empty() ? name : name + ": " + why.detail;
        co_return std::unexpected(std::move(why));
    }
    co_return opened;
}

std::vector<kafka::node_id> cluster::candidates() {
    std::vector<kafka::node_id> known;
    for (const auto& [id, broker] : metadata_.brokers()) known.push_back(id);
    world_.random().shuffle(std::span(known));
    std::vector<kafka::node_id> first = bootstrap_;
    world_.random().shuffle(std::span(first));
    known.insert(known.end(), first.begin(), first.end());
    std::vector<kafka::node_id> ordered;
    for (const bool connected : {true, false}) {
        std::ranges::copy_if(known, std::back_inserter(ordered), [&](kafka::node_id each) {
            return is_connected(each) == connected;
        });
    }
    return ordered;
}

runtime::awaitable<result<kafka::node_id>> cluster::any_broker(runtime::instant deadline) {
    error last{.reason = errc::disconnected, .detail = "no broker is known"};
    const std::vector<kafka::node_id> all = candidates();
    for (const kafka::node_id each : all) {
        auto over = co_await connect_to(each, deadline);
        if (over) co_return each;
        last = std::move(over.error().why);
        if (world_.now() >= deadline) break;
    }
    co_return std::unexpected(std::move(last));
}

// Metadata.

void cluster::request_metadata() {
    if (metadata_requested_) return;
    metadata_requested_ = true;
    metadata_wanted_.notify_all();
}

void cluster::want_topic(const std::string& topic) {
    if (wanted_topics_.insert(topic).second) request_metadata();
}

void cluster::want_no_topic(const std::string& topic) {
    wanted_topics_.erase(topic);
}

runtime::awaitable<void> cluster::keep_metadata() {
    std::uint32_t failures = 0;
    for (;;) {
        if (!metadata_requested_) {
            co_await runtime::with_deadline(
                world_, world_.now() + config_.metadata_max_age_ms, metadata_wanted_.wait());
        }
        metadata_requested_ = false;
        const auto fetched = co_await fetch_metadata();
        failures = fetched ? 0 : failures + 1;
        if (!fetched) {
            metadata_requested_ = true;
            world_.log().write(runtime::log_level::debug,
                               "metadata_not_fetched",
                               {{"error", fetched.error().message()}});
        }
        metadata_changed_.notify_all();
        co_await world_.sleep_for(retry_delay(std::max(1U, failures)));
    }
}

runtime::awaitable<result<void>> cluster::fetch_metadata() {
    const auto deadline = world_.now() + config_.request_timeout_ms;
    const auto node = co_await any_broker(deadline);
    if (!node) co_return std::unexpected(node.error());
    kafka::messages::metadata_request request;
    request.allow_auto_topic_creation = config_.allow_auto_create_topics;
    for (const std::string& name : wanted_topics_) {
        auto& topic = request.topics->emplace_back();
        topic.name = name;
    }
    auto answer = co_await call<kafka::messages::metadata_response>(*node, request, deadline);
    if (!answer) co_return std::unexpected(std::move(answer.error().why));
    metadata_.apply(answer->message);
    co_return result<void>();
}

runtime::awaitable<result<topic_metadata>> cluster::topic(std::string name,
                                                          runtime::instant deadline) {
    want_topic(name);
    for (;;) {
        const topic_metadata* const known = metadata_.find(name);
        const kafka::error_code fault = metadata_.fault_of(name);
        if (known != nullptr && !known->partitions.empty()) co_return *known;
        if (fault != kafka::error_code::none && !kafka::retriable(fault)) {
            co_return failure(fault, name);
        }
        request_metadata();
        if (!co_await runtime::with_deadline(world_, deadline, metadata_changed_.wait())) {
            if (fault != kafka::error_code::none) co_return failure(fault, name);
            co_return failure(errc::timed_out, "waiting for metadata of topic " + name);
        }
    }
}

// Coordinators.

void cluster::forget_coordinator(coordinator_kind kind, const std::string& key) {
    coordinators_.erase({kind, key});
}

runtime::awaitable<result<kafka::node_id>> cluster::coordinator(coordinator_kind kind,
                                                                std::string key,
                                                                runtime::instant deadline) {
    using kafka::messages::find_coordinator_request;
    using kafka::messages::find_coordinator_response;
    error last{.reason = errc::timed_out};
    for (std::uint32_t failures = 1;; ++failures) {
        const auto remembered = coordinators_.find({kind, key});
        if (remembered != coordinators_.end()) co_return remembered->second;
        const auto node = co_await any_broker(deadline);
        if (node) {
            find_coordinator_request request;
            request.key = key;
            request.key_type = static_cast<std::int8_t>(kind);
            auto answer = co_await call<find_coordinator_response>(*node, request, deadline);
            const auto code =
                answer ? kafka::to_error_code(answer->message.error_code) : kafka::error_code::none;
            if (answer && code == kafka::error_code::none) {
                const kafka::node_id found(answer->message.node_id);
                link_to(found,
                        {.host = answer->message.host,
                         .port = static_cast<std::uint16_t>(answer->message.port)});
                coordinators_[{kind, key}] = found;
                co_return found;
            }
            last = answer ? refused(code, "finding the coordinator of " + key) : answer.error().why;
        } else {
            last = node.error();
        }
        if (!last.retriable()) co_return std::unexpected(last);
        const auto again = world_.now() + retry_delay(failures);
        if (again >= deadline) co_return std::unexpected(last);
        co_await world_.sleep_until(again);
    }
}

}  // namespace verdikt::client
