/// Requests as they go over the wire, encoded once and sent over and over: what loads a server must
/// not be what limits it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace verdikt::bench {

using bytes = std::span<const std::byte>;
using frame = std::vector<std::byte>;

inline constexpr std::string_view bench_topic = "bench";

enum class acknowledged_by : std::int16_t { leader = 1, all = -1 };

/// Appends one batch to partition 0.
[[nodiscard]] frame produce_request_of(bytes batch, acknowledged_by acks);
/// Reads up to `size` bytes of partition 0, and waits for nothing.
[[nodiscard]] frame fetch_request_of(std::int64_t offset, std::size_t size);
[[nodiscard]] frame create_topic_request(std::int32_t partitions);
[[nodiscard]] frame api_versions_request_of_a_client();

/// How an answer of the kinds above begins (as much of it as was kept) and how large it is. Throws
/// if it says that something failed; a fetch that brought no records has.
void check_produce_answer(bytes head, std::size_t size);
void check_create_topic_answer(bytes head, std::size_t size);
void check_fetch_answer(bytes head, std::size_t size);
void accept_any_answer(bytes head, std::size_t size);

/// The frame of an answer to `fetch_request_of`, up to where the records belong.
[[nodiscard]] frame fetch_answer_head(std::size_t record_bytes);
/// The whole answer to `produce_request_of`.
[[nodiscard]] frame produce_answer();

/// Where in a request of `produce_request_of` the batch starts; it ends with the frame.
[[nodiscard]] std::size_t batch_position();

}  // namespace verdikt::bench
