/// Topics and configurations as the toy broker administers them: just enough to see what a client
/// asked for, and how often.
#pragma once

#include "kafka/api_keys.h"
#include "kafka/error_codes.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace verdikt::client {

struct toy_controller {
    std::set<std::string> topics;  ///< Created; the broker's own topic is not among them.
    std::map<std::string, std::string> configs;  ///< Of every resource.

    /// The body of the answer. Nothing if the request is not about these.
    std::optional<std::vector<std::byte>> carry_out(kafka::api_key key,
                                                    std::int16_t version,
                                                    std::span<const std::byte> body,
                                                    std::optional<kafka::error_code> refuse);

  private:
    std::vector<std::byte> create(std::int16_t version,
                                  std::span<const std::byte> body,
                                  std::optional<kafka::error_code> refuse);
    std::vector<std::byte> describe(std::int16_t version, std::span<const std::byte> body) const;
    std::vector<std::byte> replace(std::int16_t version, std::span<const std::byte> body);
    std::vector<std::byte> change(std::int16_t version, std::span<const std::byte> body);
};

}  // namespace verdikt::client
