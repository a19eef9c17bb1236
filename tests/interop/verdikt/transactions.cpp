/// Transactions with offsets: two of three are committed, the third is aborted, whatever happens.
#include "client/closing.h"
#include "client/producer.h"
#include "tests/interop/verdikt/conversation.h"

namespace verdikt::interop {

namespace {

const std::string transactions_topic = "transactions";
const std::string transactions_group = "transactional-reader";
constexpr int records_each = 5;

class transactor {
  public:
    transactor(runtime::environment& world, client::producer& through)
        : world_(world), through_(through) {}

    runtime::awaitable<void> run(std::chrono::milliseconds time) {
        co_await insist([this] { return through_.init_transactions(); }, "init_transactions");
        const runtime::instant end = world_.now() + time;
        for (int number = 0; world_.now() < end; ++number) {
            co_await act(number);
            co_await world_.sleep_for(pace);
        }
    }

    [[nodiscard]] const std::vector<std::string>& committed() const { return committed_; }
    [[nodiscard]] kafka::offset last_offset() const { return last_offset_; }
    [[nodiscard]] int count() const { return count_; }
    [[nodiscard]] int aborted_by_need() const { return aborted_by_need_; }

  private:
    /// Repeats a call for as long as the client says that it may be repeated.
    template <typename Call>
    runtime::awaitable<client::result<void>> repeat(Call call, std::string what) {
        const runtime::instant deadline = world_.now() + patience;
        for (;;) {
            const client::result<void> done = co_await call();
            if (done || !done.error().retriable()) co_return done;
            require(world_.now() < deadline, what + " takes too long");
        }
    }

    template <typename Call>
    runtime::awaitable<void> insist(Call call, std::string what) {
        const client::result<void> done = co_await repeat(call, what);
        require(done.has_value(), done ? "" : what + ": " + done.error().message());
    }

    runtime::awaitable<bool> write(int number) {
        for (int each = 0; each < records_each; ++each) {
            const std::string value = fmt::format("{}-{}", number, each);
            const auto placed = co_await through_.append({.topic = transactions_topic,
                                                          .partition = kafka::partition_index(0),
                                                          .value = client::as_bytes(value)});
            if (!placed) co_return false;
        }
        const client::offset_map position{{{transactions_topic, kafka::partition_index(0)},
                                           {.offset = kafka::offset(number + 1)}}};
        const client::result<void> sent = co_await repeat(
            [this, &position] {
                return through_.send_offsets_to_transaction(position,
                                                            {.group_id = transactions_group});
            },
            "send_offsets_to_transaction");
        co_return sent.has_value();
    }

    runtime::awaitable<void> act(int number) {
        const client::result<void> begun = through_.begin_transaction();
        require(begun.has_value(), begun ? "" : "begin_transaction: " + begun.error().message());
        const bool is_written = co_await write(number);
        if (is_written && number % 3 != 1) {
            const client::result<void> done = co_await repeat(
                [this] { return through_.commit_transaction(); }, "commit_transaction");
            if (done) {
                note_committed(number);
                co_return;
            }
            require(done.error().abortable(), "commit_transaction: " + done.error().message());
        }
        if (!is_written || number % 3 != 1) ++aborted_by_need_;
        co_await insist([this] { return through_.abort_transaction(); }, "abort_transaction");
    }

    void note_committed(int number) {
        for (int each = 0; each < records_each; ++each) {
            committed_.push_back(fmt::format("{}-{}", number, each));
        }
        last_offset_ = kafka::offset(number + 1);
        ++count_;
    }

    runtime::environment& world_;
    client::producer& through_;
    std::vector<std::string> committed_;
    kafka::offset last_offset_ = kafka::no_offset;
    int count_ = 0;
    int aborted_by_need_ = 0;
};

}  // namespace

runtime::awaitable<void> try_transactions(runtime::environment& world, plan of) {
    say("use {}", transactions_topic);
    client::client_config config = of.config();
    config.transactional_id = "failover";
    client::producer through(world, config);
    transactor acting(world, through);
    co_await client::use_and_close(through, acting.run(of.time));
    const std::vector<std::string> found = co_await read_all(world, of, transactions_topic);
    require(found == acting.committed(),
            fmt::format("{} values committed, {} read", acting.committed().size(), found.size()));
    say("ok transactions: {} committed, {} had to be aborted",
        acting.count(),
        acting.aborted_by_need());
    const kafka::offset offset =
        co_await committed_offset(world, of, transactions_group, transactions_topic);
    require(offset == acting.last_offset(),
            fmt::format("the group's offset is {} and not {}", offset, acting.last_offset()));
    say("ok transactional-offsets: {}, of the last that was committed", offset);
}

}  // namespace verdikt::interop
