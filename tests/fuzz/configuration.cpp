/// Any bytes as what a broker is told by text: its configuration file, a listener's address, and
/// the voters of its quorum. What is not accepted is refused with a reason.
///
/// The first byte says which it is.
#include "broker/server/broker_config.h"
#include "broker/server/cluster_setup.h"
#include "broker/server/properties_file.h"
#include "runtime/check.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace verdikt::broker::server {
namespace {

void check_voters(std::string_view input) {
    broker_config config;
    config.set("controller.quorum.voters", std::string(input));
    const auto place = cluster_place_of(config);
    CHECK(place ? place->voters.contains(place->self) : !place.error().empty());
}

void check_configuration(std::string_view input) {
    const auto properties = parse_properties(input);
    for (const property& each : properties) CHECK(each.line > 0);
    const auto loaded = broker_config::load(properties);
    if (loaded) return;
    CHECK(!loaded.error().empty());
    for (const config_error& error : loaded.error()) CHECK(!error.message.empty());
}

void check_listener(std::string_view input) {
    const auto address = parse_listener(input);
    if (!address) CHECK(!address.error().empty());
}

constexpr std::array checks{check_voters, check_configuration, check_listener};

}  // namespace
}  // namespace verdikt::broker::server

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using verdikt::broker::server::checks;
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    if (input.empty()) return 0;
    const auto which = static_cast<std::size_t>(input[0]);
    if (which < checks.size()) checks[which](input.substr(1));
    return 0;
}
