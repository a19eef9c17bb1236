/// The records of `__transaction_state`, as Kafka writes them: key version 0, value version 1. Both
/// versions of the value are read.
#pragma once

#include "broker/coordinator/transactions/transaction_types.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace verdikt::broker::coordinator::transactions {

[[nodiscard]] std::vector<std::byte> encode_key(const std::string& transactional_id);
[[nodiscard]] std::vector<std::byte> encode_value(const stored_transaction& state);

struct read_transaction {
    std::string transactional_id;
    std::optional<stored_transaction> state;  ///< Nothing for a tombstone.
};

/// Nothing for a key of a kind or version that we do not know, or bytes that do not parse.
[[nodiscard]] std::optional<read_transaction> read_record(
    std::span<const std::byte> key, std::optional<std::span<const std::byte>> value);

}  // namespace verdikt::broker::coordinator::transactions
