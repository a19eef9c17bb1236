/// One transaction of an instance.
#include "workloads/exactly_once/eos_instance.h"
#include "workloads/recorder/datums.h"

#include "workloads/commits.h"

#include <fmt/format.h>

#include <utility>
#include <variant>

namespace verdikt::workloads {

using namespace std::chrono_literals;
using client::error;
using runtime::awaitable;

namespace {

constexpr runtime::duration poll_patience = 300ms;
/// Longer than the group waits for a member that does not poll; and, at times, than the coordinator
/// waits for a transaction.
constexpr std::int64_t still_min_ms = 7'000;
constexpr std::int64_t still_max_ms = 12'000;
/// How long a program works at what it was given that polls on meanwhile, and how often it does.
constexpr std::int64_t work_min_ms = 800;
constexpr std::int64_t work_max_ms = 1'200;
constexpr runtime::duration between_polls = 50ms;

}  // namespace

awaitable<void> eos_instance::process(life& self,
                                      client::producer& writer,
                                      client::consumer& reader) {
    const auto records = co_await reader.poll(poll_patience);
    if (!records || records->empty()) co_return;
    self.standing = reader.standing();
    begin_attempt(self, *records);
    open_operation op = history_.begin(
        self.process, "txn", value_of(plan_, &self.polled, self.made), told_of(self));
    const std::optional<error> why = co_await carry_out(self, writer, reader, op);
    op_type type = op_type::fail;
    if (why) {
        op.error = text_of(why->message());
        type = co_await abort(self, writer);
    } else if (plan_.load.transactional() && random_.chance(plan_.abort_chance)) {
        op.error.add_keyword("aborted");
        type = co_await abort(self, writer);
    } else {
        type = co_await finish(self, writer, reader, op);
    }
    if (type == op_type::ok) note_places(self, op);
    op.end(type);
    if (type == op_type::info) self.over = true;
    if (type == op_type::fail) go_back(self, reader);
}

void eos_instance::begin_attempt(life& self, const client::consumed_records& records) {
    self.polled = records_of(records);
    self.made.clear();
    self.sent.clear();
    self.attempt = board_.next_attempt++;
    self.offsets_asked.reset();
    self.commit_asked.reset();
    for (const eos_record& each : self.polled) {
        const auto to = static_cast<std::int32_t>(random_.between(0, plan_.load.partitions - 1));
        self.made.push_back(
            {.where = {.topic = plan_.output, .partition = kafka::partition_index(to)},
             .value = fmt::format("{}/{}", each.value, self.attempt)});
    }
}

/// What was written without a transaction stays.
awaitable<eos_instance::op_type> eos_instance::abort(life& self, client::producer& writer) {
    if (!plan_.load.transactional()) co_return op_type::info;
    const auto aborted = co_await writer.abort_transaction();
    // A successor aborts for it.
    if (!aborted) self.over = true;
    co_return op_type::fail;
}

awaitable<eos_instance::op_type> eos_instance::finish(life& self,
                                                      client::producer& writer,
                                                      client::consumer& reader,
                                                      open_operation& op) {
    self.commit_asked = history_.elapsed().count();
    op.more = told_of(self);
    if (!plan_.load.transactional()) co_return co_await commit_apart(self, reader, op);
    const op_type type = co_await commit(writer, op);
    co_return type == op_type::fail ? co_await abort(self, writer) : type;
}

awaitable<std::optional<error>> eos_instance::carry_out(life& self,
                                                        client::producer& writer,
                                                        client::consumer& reader,
                                                        open_operation& op) {
    if (plan_.load.auto_commit) co_await work_and_poll_on(self, reader);
    if (plan_.load.transactional()) {
        const auto begun = writer.begin_transaction();
        if (!begun) {
            self.over = true;
            co_return begun.error();
        }
    }
    if (auto why = co_await write_outputs(self, writer); why) co_return why;
    if (random_.chance(plan_.zombie_chance)) co_await stand_still(self);
    if (plan_.load.auto_commit) co_return std::nullopt;
    self.offsets_asked = history_.elapsed().count();
    op.more = told_of(self);
    if (!plan_.load.transactional()) co_return std::nullopt;
    const auto given =
        co_await writer.send_offsets_to_transaction(offsets_after(self), self.standing);
    if (!given) co_return given.error();
    co_return std::nullopt;
}

/// Paused partitions give nothing, and count as polled.
awaitable<void> eos_instance::work_and_poll_on(life& self, client::consumer& reader) {
    const std::chrono::milliseconds work(random_.between(work_min_ms, work_max_ms));
    const runtime::instant done = world_.now() + work;
    while (world_.now() < done) {
        if (!reader.pause(reader.assignment())) self.over = true;
        const auto more = co_await reader.poll(runtime::duration::zero());
        // Of a partition that came with this poll.
        if (more) give_back(self, reader, records_of(*more));
        co_await world_.sleep_for(between_polls);
    }
    if (!reader.resume(reader.paused())) self.over = true;
}

awaitable<std::optional<error>> eos_instance::write_outputs(life& self, client::producer& writer) {
    for (const eos_record& each : self.made) {
        auto place = co_await writer.append({.topic = each.where.topic,
                                             .partition = each.where.partition,
                                             .value = client::as_bytes(each.value)});
        if (!place) co_return place.error();
        self.sent.push_back(std::move(*place));
    }
    if (plan_.load.transactional()) co_return std::nullopt;
    for (const client::pending_delivery& each : self.sent) {
        const client::delivery outcome = co_await each.wait();
        if (const auto* refused = std::get_if<client::failed>(&outcome)) co_return refused->why;
        if (const auto* unsure = std::get_if<client::unknown>(&outcome)) co_return unsure->why;
    }
    co_return std::nullopt;
}

/// As a program that the machine does not let run: meanwhile another may take its place.
awaitable<void> eos_instance::stand_still(life& self) {
    const std::chrono::milliseconds pause(random_.between(still_min_ms, still_max_ms));
    // The run waits for everybody to end.
    if (!settled() || world_.now() + pause > until_) co_return;
    if (random_.chance(0.5)) hand_over(self);
    co_await world_.sleep_for(pause);
}

awaitable<eos_instance::op_type> eos_instance::commit(client::producer& writer,
                                                      open_operation& op) {
    const commit_outcome done = co_await commit_transaction(writer);
    if (done.why) op.error = text_of(done.why->message());
    co_return done.type;
}

awaitable<eos_instance::op_type> eos_instance::commit_apart(life& self,
                                                            client::consumer& reader,
                                                            open_operation& op) {
    // Consumers that commit by themselves do it with their next polls.
    if (plan_.load.auto_commit) co_return op_type::ok;
    const auto done = co_await reader.commit(offsets_after(self));
    if (done) co_return op_type::ok;
    op.error = text_of(done.error().message());
    co_return op_type::info;
}

checker::history::datum eos_instance::told_of(const life& self) const {
    checker::history::datum more;
    const auto add = [&more](std::string_view name, std::int64_t value) {
        more.add_keyword(name);
        more.add_integer(value);
    };
    more.open_map();
    add("attempt", self.attempt);
    if (self.offsets_asked) {
        const client::offset_map offsets = offsets_after(self);
        client::partition_set partitions;
        for (const auto& [which, next] : offsets) partitions.insert(which);
        if (self.standing.generation >= 0) add("generation", self.standing.generation);
        add("offsets-asked", *self.offsets_asked);
        more.add_keyword("offsets");
        more.add(offsets_of(plan_, partitions, offsets).view());
    }
    if (self.commit_asked) add("commit-asked", *self.commit_asked);
    more.close();
    return more;
}

void eos_instance::note_places(life& self, open_operation& op) {
    for (std::size_t at = 0; at < self.sent.size(); ++at) {
        if (!self.sent[at].done()) continue;
        const client::delivery outcome = self.sent[at].outcome();
        if (const auto* told = std::get_if<client::delivered>(&outcome)) {
            self.made[at].offset = told->offset.value();
        }
    }
    op.value = value_of(plan_, &self.polled, self.made);
}

/// What was read has not been processed. Where the group went on meanwhile nobody can tell whose
/// partitions they are now: another life begins where the group has committed.
void eos_instance::go_back(life& self, client::consumer& reader) {
    const client::group_standing now = reader.standing();
    if (now.generation != self.standing.generation || now.member_id != self.standing.member_id) {
        self.over = true;
        return;
    }
    give_back(self, reader, self.polled);
}

/// They are polled again.
void eos_instance::give_back(life& self,
                             client::consumer& reader,
                             const std::vector<eos_record>& records) {
    std::map<client::topic_partition, std::int64_t> first;
    for (const eos_record& each : records) first.try_emplace(each.where, each.offset);
    for (const auto& [where, offset] : first) {
        if (!reader.seek(where, {.offset = kafka::offset(offset)})) self.over = true;
    }
}

client::offset_map eos_instance::offsets_after(const life& self) const {
    client::offset_map offsets;
    for (const eos_record& each : self.polled) {
        offsets[each.where] = {.offset = kafka::offset(each.offset).next()};
    }
    return offsets;
}

}  // namespace verdikt::workloads
