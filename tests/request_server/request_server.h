/// A node that takes Kafka requests and answers them as a test wishes: one at a time over each
/// connection, in order, as the real server does.
#pragma once

#include "kafka/api_keys.h"
#include "kafka/messages/decode.h"
#include "kafka/messages/frame.h"
#include "runtime/check.h"
#include "runtime/environment.h"
#include "runtime/scope.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace verdikt::tests {

struct asked {
    kafka::api_key key{};
    std::int16_t version = 0;
    std::int32_t correlation = 0;
    std::uint64_t connection = 0;     ///< Counted from 1.
    std::span<const std::byte> body;  ///< Until it is answered.

    /// Requires: it is such a request, and well formed.
    template <typename Request>
    [[nodiscard]] Request as() const {
        auto message = kafka::messages::decode<Request>(body, version);
        CHECK(message.has_value(), "{}", kafka::describe(message.error().what));
        return std::move(*message);
    }

    /// The whole frame that answers it.
    template <typename Response>
    [[nodiscard]] std::vector<std::byte> answered_by(const Response& message) const {
        kafka::messages::encoded out;
        const auto done =
            kafka::messages::encode_response_frame(correlation, message, version, out);
        CHECK(done.has_value(), "{} {}", describe(done.error().what), done.error().where);
        return std::move(out.bytes);
    }
};

/// The bytes to send back, then whether to go on with this connection.
struct reaction {
    std::vector<std::byte> bytes = {};
    bool hang_up = false;
};

class request_server {
  public:
    using react = std::function<runtime::awaitable<reaction>(asked)>;
    using notice = std::function<void(std::uint64_t connection)>;

    /// `ended` hears of every connection that ends.
    request_server(
        runtime::environment& world, react how, notice ended = [](std::uint64_t) {})
        : world_(world), how_(std::move(how)), ended_(std::move(ended)) {}

    /// Until cancelled.
    runtime::awaitable<void> serve(std::uint16_t port);

    [[nodiscard]] std::size_t accepted() const { return accepted_; }

  private:
    runtime::awaitable<void> accept(std::uint16_t port, runtime::scope& talking);
    runtime::awaitable<void> talk(std::unique_ptr<runtime::stream> with, std::uint64_t connection);

    runtime::environment& world_;
    react how_;
    notice ended_;
    std::size_t accepted_ = 0;
};

}  // namespace verdikt::tests
