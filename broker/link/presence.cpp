#include "broker/link/presence.h"

#include "runtime/deadline.h"

#include <expected>
#include <memory>
#include <optional>
#include <utility>

namespace verdikt::broker::link {

runtime::awaitable<presence> look_for_listener(runtime::environment& world,
                                               runtime::endpoint at,
                                               runtime::duration patience) {
    using made_stream = std::expected<std::unique_ptr<runtime::stream>, runtime::errc>;
    const runtime::instant deadline = world.now() + patience;
    const std::optional<made_stream> made = co_await runtime::with_deadline<made_stream>(
        world, deadline, world.net().connect(std::move(at)));
    if (!made) co_return presence::unknown;
    if (made->has_value()) co_return presence::listening;
    co_return made->error() == runtime::errc::refused ? presence::refused : presence::unknown;
}

}  // namespace verdikt::broker::link
