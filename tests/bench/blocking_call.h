/// Asks a broker one thing after another, as an operator's tool does: one connection, one request
/// under way, answers decoded whole.
#pragma once

#include "requests.h"

#include "kafka/buffer_reader.h"
#include "kafka/messages/decode.h"
#include "kafka/messages/frame.h"
#include "kafka/messages/headers.h"

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <utility>

namespace verdikt::bench {

class blocking_caller {
  public:
    /// Nothing if nobody listens there.
    [[nodiscard]] static std::optional<blocking_caller> connect(std::uint16_t port);
    blocking_caller(blocking_caller&& from) noexcept : socket_(std::exchange(from.socket_, -1)) {}
    blocking_caller& operator=(blocking_caller&& from) noexcept {
        std::swap(socket_, from.socket_);
        return *this;
    }
    ~blocking_caller();

    /// Throws std::system_error if the broker went away.
    template <typename Response, typename Request>
    [[nodiscard]] Response call(const Request& request, std::int16_t version) {
        kafka::messages::request_header header;
        header.client_id = "bench";
        kafka::messages::encoded out;
        if (!kafka::messages::encode_request_frame(std::move(header), request, version, out)) {
            throw std::logic_error("a request that cannot be encoded");
        }
        const frame answer = exchange(out.bytes);
        kafka::buffer_reader reader(answer);
        const auto head =
            kafka::messages::decode_response_header(reader, Response::schema, version);
        auto response = kafka::messages::decode<Response>(reader, version);
        if (!head || !response) throw std::runtime_error("an answer that cannot be decoded");
        return std::move(*response);
    }

  private:
    explicit blocking_caller(int socket) : socket_(socket) {}
    [[nodiscard]] frame exchange(bytes request);

    int socket_;
};

}  // namespace verdikt::bench
