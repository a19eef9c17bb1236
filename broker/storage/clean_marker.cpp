#include "broker/storage/clean_marker.h"

#include "runtime/parse_number.h"

#include <fmt/format.h>

#include <cstdint>

namespace verdikt::broker::storage {

namespace {

constexpr std::string_view text_before = R"({"version":0,"brokerEpoch":)";
constexpr std::string_view text_after = "}";

}  // namespace

std::string print_clean_marker(kafka::broker_epoch epoch) {
    return fmt::format("{}{}{}", text_before, epoch, text_after);
}

kafka::broker_epoch parse_clean_marker(std::string_view text) {
    if (!text.starts_with(text_before) || !text.ends_with(text_after))
        return kafka::no_broker_epoch;
    text.remove_prefix(text_before.size());
    text.remove_suffix(text_after.size());
    const auto epoch = runtime::parse_number<std::int64_t>(text);
    return kafka::broker_epoch(epoch.value_or(kafka::no_broker_epoch.value()));
}

}  // namespace verdikt::broker::storage
