#include "broker/server/connection.h"

#include "broker/server/cluster_setup.h"
#include "kafka/buffer_reader.h"
#include "kafka/messages/api_versions.h"
#include "kafka/messages/frame.h"
#include "runtime/check.h"

#include <algorithm>
#include <cstring>

namespace verdikt::broker::server {

namespace messages = kafka::messages;

namespace {

constexpr std::size_t size_field = sizeof(std::int32_t);
/// A large request may take longer than a small one, but not arrive slower than this.
constexpr std::int64_t arrival_bytes_per_ms_min = 1024;

/// Leaves `reader` at the body.
std::optional<request_context> read_header(kafka::buffer_reader& reader) {
    auto header = messages::decode_request_header(reader);
    if (!header) return std::nullopt;
    const auto known = kafka::to_api_key(header->request_api_key);
    if (!known) return std::nullopt;
    request_context asked;
    asked.key = *known;
    asked.version = header->request_api_version;
    asked.correlation_id = header->correlation_id;
    asked.client_id = std::move(header->client_id).value_or("");
    return asked;
}

}  // namespace

connection::connection(node_services& here,
                       request_memory& memory,
                       connection_limits limits,
                       std::unique_ptr<runtime::stream> wire,
                       const served_listener& through)
    : here_(here),
      memory_(memory),
      limits_(limits),
      wire_(std::move(wire)),
      through_(through),
      client_host_(wire_->peer().host),
      tasks_(here.world.get_executor()),
      is_for_controllers_(is_controller_listener(here.config, through.name)),
      active_(here.world.now()) {}

runtime::awaitable<void> connection::run() {
    tasks_.spawn(read_requests());
    tasks_.spawn(write_answers());
    std::exception_ptr failure;
    try {
        co_await tasks_.join();
    } catch (...) {
        failure = std::current_exception();
    }
    wire_->close();
    co_await tasks_.cancel_and_join();
    if (session_.broker != kafka::no_node) {
        here_.metadata.connection_lost(session_.broker, session_.epoch);
    }
    // A call that was cut short still holds its slot.
    for (const auto& which : slots_) which->produce.reset();
    if (failure) std::rethrow_exception(failure);
}

void connection::finish() {
    finishing_ = true;
    // Between two requests there is nothing to wait for; within one, it is still taken and
    // answered.
    if (!request_due_ && slots_.empty()) wire_->close();
}

void connection::close() {
    wire_->close();
}

void connection::give_up(std::string_view reason) {
    ++here_.measured.requests_malformed;
    here_.world.log().write(runtime::log_level::warning,
                            "connection_refused",
                            {{"client", client_host_}, {"reason", reason}});
}

// ---- Reading.

runtime::awaitable<void> connection::read_requests() {
    while (!finishing_) {
        auto bytes = co_await read_request();
        if (!bytes || !co_await take_request(std::move(*bytes))) break;
    }
    reading_ended_ = true;
    slots_changed_.notify_all();
}

/// Nothing if the connection is over.
runtime::awaitable<std::optional<request_buffer>> connection::read_request() {
    if (!co_await fill_staging(size_field)) co_return std::nullopt;
    const auto announced = kafka::load_big_endian<std::int32_t>(staging_.data() + staged_begin_);
    staged_begin_ += size_field;
    if (announced <= 0 || static_cast<std::size_t>(announced) > limits_.request_bytes_max) {
        give_up(fmt::format("a request of {} bytes", announced));
        co_return std::nullopt;
    }
    request_due_ = here_.world.now() + limits_.request_timeout +
                   std::chrono::milliseconds(announced / arrival_bytes_per_ms_min);
    request_buffer bytes = co_await memory_.allocate(static_cast<std::size_t>(announced));
    const std::size_t staged = std::min(staged_end_ - staged_begin_, bytes.size());
    std::memcpy(bytes.bytes().data(), staging_.data() + staged_begin_, staged);
    staged_begin_ += staged;
    if (!co_await read_rest(bytes.bytes().subspan(staged))) co_return std::nullopt;
    request_due_.reset();
    active_ = here_.world.now();
    co_return bytes;
}

/// Reads until at least `wanted` bytes are staged.
runtime::awaitable<bool> connection::fill_staging(std::size_t wanted) {
    if (staged_begin_ == staged_end_) staged_begin_ = staged_end_ = 0;
    if (staged_begin_ + wanted > staging_.size()) {
        std::memmove(staging_.data(), staging_.data() + staged_begin_, staged_end_ - staged_begin_);
        staged_end_ -= std::exchange(staged_begin_, 0);
    }
    while (staged_end_ - staged_begin_ < wanted) {
        const auto read =
            co_await wire_->read_some(runtime::mutable_bytes(staging_).subspan(staged_end_));
        if (!read || *read == 0) co_return false;
        if (!request_due_) request_due_ = here_.world.now() + limits_.request_timeout;
        staged_end_ += *read;
    }
    co_return true;
}

runtime::awaitable<bool> connection::read_rest(runtime::mutable_bytes into) {
    while (!into.empty()) {
        const auto read = co_await wire_->read_some(into);
        if (!read || *read == 0) co_return false;
        into = into.subspan(*read);
    }
    co_return true;
}

// ---- Handling.

/// False if the connection is to be closed.
runtime::awaitable<bool> connection::take_request(request_buffer bytes) {
    if (turns_away_ && !is_for_controllers_) co_return false;
    kafka::buffer_reader reader(bytes.bytes());
    auto asked = read_header(reader);
    if (!asked) {
        give_up("no request header");
        co_return false;
    }
    asked->client_host = client_host_;
    asked->listener = &through_;
    asked->session = &session_;
    asked->arrived = here_.world.now();
    const api* which = find_api(through_.apis, static_cast<std::int16_t>(asked->key));
    if (which == nullptr || !which->served.contains(asked->version)) {
        co_return co_await refuse_version(std::move(*asked));
    }
    here_.measured.of(asked->key).bytes_in += bytes.size() + size_field;
    if (asked->key == kafka::api_key::produce) {
        co_return co_await begin_produce(std::move(*asked), std::move(bytes), reader);
    }
    co_return co_await serve(*which, std::move(*asked), std::move(bytes), reader);
}

/// Waits until at most `others` requests are unanswered. False if nothing more can be answered.
runtime::awaitable<bool> connection::wait_for_room(std::size_t others) {
    while (slots_.size() > others && !writing_ended_) co_await slots_changed_.wait();
    co_return !writing_ended_;
}

runtime::awaitable<bool> connection::refuse_version(request_context asked) {
    if (asked.key != kafka::api_key::api_versions) {
        give_up(fmt::format("{} v{} is not served", kafka::name(asked.key), asked.version));
        co_return false;
    }
    // The client cannot know yet what we speak, so it gets version 0's layout, with the one range
    // that it needs to ask again (KIP-511).
    const api* which =
        find_api(through_.apis, static_cast<std::int16_t>(kafka::api_key::api_versions));
    messages::api_versions_response answer;
    answer.error_code = kafka::to_wire(kafka::error_code::unsupported_version);
    answer.api_keys.push_back({.api_key = static_cast<std::int16_t>(asked.key),
                               .min_version = which->listed.first,
                               .max_version = which->listed.last});
    asked.version = 0;
    if (!co_await wait_for_room(0)) co_return false;
    auto queued = std::make_shared<slot>();
    queued->key = asked.key;
    const auto encoded = messages::encode_response_frame(
        asked.correlation_id, answer, asked.version, queued->answer.head);
    CHECK(encoded.has_value(), "{}", messages::describe(encoded.error().what));
    slots_.push_back(queued);
    finish_slot(*queued);
    co_return true;
}

runtime::awaitable<bool> connection::serve(const api& which,
                                           request_context asked,
                                           request_buffer bytes,
                                           kafka::buffer_reader body) {
    if (!co_await wait_for_room(0)) co_return false;
    auto queued = std::make_shared<slot>();
    queued->key = asked.key;
    slots_.push_back(queued);
    const serve_result served = co_await which.serve(here_, asked, body, queued->answer);
    bytes = {};
    if (!served) {
        give_up(served.error().reason);
        slots_.pop_back();
        co_return false;
    }
    here_.measured.of(asked.key).latency.record(here_.world.now() - asked.arrived);
    finish_slot(*queued);
    co_return true;
}

runtime::awaitable<bool> connection::begin_produce(request_context asked,
                                                   request_buffer bytes,
                                                   kafka::buffer_reader body) {
    if (!co_await wait_for_room(limits_.produce_in_flight_max - 1)) co_return false;
    auto call = produce_call::decode(here_, std::move(asked), std::move(bytes), body);
    if (!call) {
        give_up(call.error().reason);
        co_return false;
    }
    auto queued = std::make_shared<slot>();
    queued->key = kafka::api_key::produce;
    queued->produce = *call;
    slots_.push_back(queued);
    // The slot outlives the call's interest in it: the call drops its callback's target with the
    // slot.
    queued->produce->begin(tasks_, [this, queued] { finish_produce(*queued); });
    co_return true;
}

void connection::finish_produce(slot& which) {
    const produce_call& call = *which.produce;
    here_.measured.of(which.key).latency.record(here_.world.now() - call.asked().arrived);
    if (call.wants_answer()) {
        const auto encoded = call.encode(which.answer.head);
        CHECK(encoded.has_value(), "{}", messages::describe(encoded.error().what));
    } else if (call.failed()) {
        // The only way to tell a client that asked for no answer.
        wire_->close();
    }
    finish_slot(which);
}

void connection::finish_slot(slot& which) {
    which.ready = true;
    which.produce.reset();
    slots_changed_.notify_all();
}

// ---- Writing.

runtime::awaitable<void> connection::write_answers() {
    while (true) {
        while (slots_.empty() || !slots_.front()->ready) {
            if (slots_.empty() && reading_ended_) co_return;
            co_await slots_changed_.wait();
        }
        writing_since_ = here_.world.now();
        const bool written = co_await write_ready();
        writing_since_.reset();
        active_ = here_.world.now();
        slots_changed_.notify_all();
        if (!written) {
            writing_ended_ = true;
            wire_->close();
            co_return;
        }
        if (finishing_ && slots_.empty() && !request_due_) wire_->close();
    }
}

/// Writes the answers that are ready, several small ones at once.
runtime::awaitable<bool> connection::write_ready() {
    outgoing_.clear();
    while (!slots_.empty() && slots_.front()->ready && slots_.front()->answer.slices.empty()) {
        const auto& bytes = slots_.front()->answer.head.bytes;
        here_.measured.of(slots_.front()->key).bytes_out += bytes.size();
        outgoing_.insert(outgoing_.end(), bytes.begin(), bytes.end());
        slots_.pop_front();
    }
    if (!outgoing_.empty()) {
        const runtime::const_bytes piece(outgoing_);
        const auto written = co_await wire_->write(std::span(&piece, 1));
        co_return written.has_value();
    }
    if (slots_.empty() || !slots_.front()->ready) co_return true;
    const std::shared_ptr<slot> first = slots_.front();
    here_.measured.of(first->key).bytes_out += first->answer.head.size();
    const bool written = co_await write_with_slices(std::move(first->answer));
    slots_.pop_front();
    co_return written;
}

runtime::awaitable<bool> connection::write_with_slices(reply answer) {
    const runtime::const_bytes all(answer.head.bytes);
    std::size_t position = 0;
    for (const kafka::messages::splice_point& splice : answer.head.splices) {
        const runtime::const_bytes piece = all.subspan(position, splice.position - position);
        if (!co_await wire_->write(std::span(&piece, 1))) co_return false;
        position = splice.position;
        if (!co_await write_slice(answer.slices[splice.tag])) co_return false;
    }
    const runtime::const_bytes piece = all.subspan(position);
    if (piece.empty()) co_return true;
    co_return (co_await wire_->write(std::span(&piece, 1))).has_value();
}

runtime::awaitable<bool> connection::write_slice(storage::file_slice slice) {
    // In parts, so that a reader that is slow but alive is not taken for one that is gone.
    constexpr std::uint64_t part_size_max = std::uint64_t{1} << 20;
    while (slice.size > 0) {
        const std::uint64_t part = std::min(slice.size, part_size_max);
        if (!co_await wire_->write_file(*slice.file, slice.position, part)) co_return false;
        slice.position += part;
        slice.size -= part;
        writing_since_ = here_.world.now();
    }
    co_return true;
}

// ---- Watching.

bool connection::overdue(runtime::instant now) const {
    if (request_due_ && now > *request_due_) return true;
    if (writing_since_ && now > *writing_since_ + limits_.request_timeout) return true;
    return slots_.empty() && !request_due_ && now > active_ + limits_.idle_max;
}

void connection::abandon_waiting() {
    // Answering may end slots, so look at copies.
    const auto pending = slots_;
    for (const auto& which : pending) {
        if (which->ready) continue;
        const auto call = which->produce;
        if (call == nullptr || !call->wants_answer()) return wire_->close();
        call->give_up(kafka::error_code::kafka_storage_error);
    }
}

bool connection::close_if_overdue(runtime::instant now) {
    // Answering may end slots, so look at copies.
    const auto pending = slots_;
    for (const auto& which : pending) {
        const auto call = which->produce;
        if (call != nullptr && call->wants_answer() && now > call->deadline())
            call->give_up(kafka::error_code::request_timed_out);
    }
    if (!overdue(now)) return false;
    wire_->close();
    return true;
}

}  // namespace verdikt::broker::server
