#include "nemesis/labs/free_ports.h"

#include <memory>
#include <utility>

namespace verdikt::nemesis::labs {

runtime::awaitable<std::expected<std::vector<std::uint16_t>, std::string>> free_ports(
    runtime::environment& world, std::size_t count) {
    // All are held until all are chosen, so that none is chosen twice.
    std::vector<std::unique_ptr<runtime::listener>> held;
    std::vector<std::uint16_t> ports;
    for (std::size_t at = 0; at < count; ++at) {
        auto listening = co_await world.net().listen({.host = "127.0.0.1", .port = 0});
        if (!listening) co_return std::unexpected("there is no free port on 127.0.0.1");
        ports.push_back((*listening)->local().port);
        held.push_back(std::move(*listening));
    }
    co_return ports;
}

}  // namespace verdikt::nemesis::labs
