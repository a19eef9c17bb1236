#include "workloads/keyed_transactions/key_final_reader.h"

#include "client/closing.h"
#include "workloads/clients.h"
#include "workloads/final_ends.h"
#include "workloads/keyed_transactions/read_key.h"
#include "workloads/recorder/datums.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace verdikt::workloads {

using namespace std::chrono_literals;
using checker::history::datum;
using checker::history::op_type;
using runtime::awaitable;

namespace {

/// Longer than the coordinator waits for a transaction whose producer has died.
constexpr runtime::duration patience_of_one = 20s;
constexpr runtime::duration rest_after_failure = 200ms;

/// Further fields of a final read.
datum told_of(const keyed_options& plan, const std::vector<key_step>& what) {
    datum more;
    more.open_map();
    more.add_keyword("final");
    more.add_boolean(true);
    if (plan.what == key_kind::newest) {
        more.add_keyword("offsets");
        more.add(offsets_of(what).view());
    }
    more.close();
    return more;
}

}  // namespace

awaitable<void> key_final_reader::run(std::int32_t keys, runtime::instant deadline) {
    process_ = history_.fresh_process();
    client::consumer reader(world_, consumer_settings(plan_.load, "final-reader"));
    co_await client::use_and_close(reader, use_asker(reader, keys, deadline));
}

awaitable<void> key_final_reader::use_asker(client::consumer& reader,
                                            std::int32_t keys,
                                            runtime::instant deadline) {
    client::consumer asker(world_, final_ends_settings(plan_.load));
    co_await client::use_and_close(asker, read_all(reader, asker, keys, deadline));
}

awaitable<void> key_final_reader::read_all(client::consumer& reader,
                                           client::consumer& asker,
                                           std::int32_t keys,
                                           runtime::instant deadline) {
    for (std::int32_t key = 0; key < keys; ++key) {
        while (world_.now() < deadline) {
            const bool done = co_await read(reader, asker, key, deadline);
            if (done) break;
            co_await world_.sleep_for(rest_after_failure);
        }
    }
}

awaitable<bool> key_final_reader::read(client::consumer& reader,
                                       client::consumer& asker,
                                       std::int32_t key,
                                       runtime::instant deadline) {
    std::vector<key_step> what{{.is_write = false, .key = key}};
    open_operation op =
        history_.begin(process_, "txn", value_of(plan_.what, what), told_of(plan_, what));
    const client::topic_partition where = plan_.place_of(key);
    std::optional<std::vector<found_record>> found;
    const auto end = co_await end_of(asker, where);
    if (end) {
        const runtime::instant patience = std::min(deadline, world_.now() + patience_of_one);
        found = co_await read_key(world_, reader, plan_.what, where, *end, patience);
    }
    if (!found) {
        op.error = text_of("not read to its end in time");
        op.end(op_type::fail);
        co_return false;
    }
    what.front().done = true;
    what.front().found = std::move(*found);
    op.value = value_of(plan_.what, what);
    op.more = told_of(plan_, what);
    op.end(op_type::ok);
    co_return true;
}

}  // namespace verdikt::workloads
