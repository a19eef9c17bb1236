#include "tests/sim/client_programs/restless_transactor.h"

#include "client/closing.h"
#include "tests/sim/client_programs/impatient_client.h"

namespace verdikt::tests {

using namespace std::chrono_literals;
using runtime::awaitable;

client::client_config restless_transactor::draw_config(runtime::random_source& random) const {
    client::client_config config = impatient_client(plan_.servers);
    config.client_id = "transactor";
    config.transactional_id = id_;
    config.transaction_timeout_ms = std::chrono::milliseconds(random.between(1'000, 5'000));
    config.transaction_version_max = random.between(1, 2);
    config.batch_size = random.between(80, 300);
    config.linger_ms = std::chrono::milliseconds(random.between(0, 10));
    config.max_in_flight_requests_per_connection = random.between(1, 5);
    config.request_timeout_ms = std::chrono::milliseconds(random.between(200, 3'000));
    config.delivery_timeout_ms = config.request_timeout_ms + config.linger_ms +
                                 std::chrono::milliseconds(random.between(0, 5'000));
    config.max_block_ms = std::chrono::milliseconds(random.between(500, 5'000));
    return config;
}

awaitable<void> restless_transactor::run(runtime::environment& world) {
    while (!plan_.calm) {
        client::producer through(world, draw_config(world.random()));
        co_await client::use_and_close(through, live(world, through));
        co_await world.sleep_for(std::chrono::milliseconds(world.random().between(0, 1'000)));
    }
}

awaitable<void> restless_transactor::live(runtime::environment& world, client::producer& through) {
    for (;;) {
        const auto ready = co_await through.init_transactions();
        if (ready) break;
        if (!ready.error().retriable() || plan_.calm) co_return;
    }
    while (!plan_.calm) {
        auto acting = act(world, through);
        if (co_await std::move(acting) == next::start_anew) co_return;
        if (world.random().chance(plan_.rest_chance)) {
            co_await world.sleep_for(
                std::chrono::milliseconds(world.random().between(0, plan_.rest_max.count())));
        }
        if (world.random().chance(0.02)) co_return;
    }
}

awaitable<restless_transactor::next> restless_transactor::act(runtime::environment& world,
                                                              client::producer& through) {
    if (!through.begin_transaction()) co_return next::start_anew;
    const transaction_name name{index_, begun_++};
    history_.begun(name);
    auto writing = write(world, through, name);
    const bool is_written = co_await std::move(writing);
    const bool commits = is_written && world.random().chance(0.8);
    auto ending = commits ? commit(through, name) : abort(through, name);
    co_return co_await std::move(ending);
}

/// False if it can only be aborted.
awaitable<bool> restless_transactor::write(runtime::environment& world,
                                           client::producer& through,
                                           transaction_name name) {
    const int records = static_cast<int>(world.random().between(0, 8));
    for (int record = 0; record < records; ++record) {
        const std::string text = transactional_record{name, record}.text();
        const auto partition = static_cast<std::int32_t>(
            world.random().below(static_cast<std::uint64_t>(plan_.partitions)));
        auto appending = through.append({.topic = plan_.topic,
                                         .partition = kafka::partition_index(partition),
                                         .value = client::as_bytes(text)});
        const auto placed = co_await std::move(appending);
        if (!placed) co_return false;
        history_.written(name);
    }
    if (world.random().chance(0.4)) {
        const client::offset_map offsets{
            {{plan_.topic, kafka::partition_index(0)}, {.offset = kafka::offset(name.number)}}};
        history_.offsets_sent(name);
        auto sending = through.send_offsets_to_transaction(offsets, {.group_id = group()});
        const auto sent = co_await std::move(sending);
        if (!sent) co_return false;
    }
    co_return true;
}

awaitable<restless_transactor::next> restless_transactor::commit(client::producer& through,
                                                                 transaction_name name) {
    for (int attempt = 0; attempt < 4; ++attempt) {
        history_.commit_asked(name);
        const auto committed = co_await through.commit_transaction();
        if (committed) {
            history_.committed(name);
            co_return next::go_on;
        }
        const client::error& why = committed.error();
        if (why.retriable()) continue;
        // An earlier attempt may have been carried out, and its answer lost.
        if (attempt == 0 && why.abortable()) {
            history_.aborted(name);
            auto aborting = abort(through, name);
            co_return co_await std::move(aborting);
        }
        co_return next::start_anew;
    }
    co_return next::start_anew;
}

awaitable<restless_transactor::next> restless_transactor::abort(client::producer& through,
                                                                transaction_name name) {
    history_.aborted(name);
    for (int attempt = 0; attempt < 4; ++attempt) {
        const auto aborted = co_await through.abort_transaction();
        if (aborted) co_return next::go_on;
        if (!aborted.error().retriable()) break;
    }
    co_return next::start_anew;
}

}  // namespace verdikt::tests
