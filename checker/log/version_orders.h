/// What a history proves of the logs themselves: which message lies where, who sent it, who read
/// it.
///
/// An operation *must have committed* if it succeeded, or if its outcome is unknown and a
/// successful poll returned one of its messages. A partition's log is every place that a poll
/// named, whatever became of the poll, or that an operation which must have committed was told; of
/// one that did not wait for all replicas only what polls named, since what it was told may be
/// gone. Offsets have gaps (transaction markers, aborted records); a *position* counts the offsets
/// of a log without them, from 0.
#pragma once

#include "checker/log/recording.h"
#include "checker/log/settings.h"

#include <cstdint>
#include <span>
#include <vector>

namespace verdikt::checker::log {

struct place {
    std::int64_t offset;
    std::uint32_t message;
    friend auto operator<=>(const place&, const place&) = default;
};

class version_orders {
  public:
    /// The history must outlive this object.
    version_orders(const recording& history, positions order);

    /// The row that sent it; `none` of a message that nobody sent. Where several did, the first.
    [[nodiscard]] std::uint32_t writer_of(std::uint32_t message) const {
        return facts_[message].writer;
    }
    /// The first successful poll that returned it, or `none`.
    [[nodiscard]] std::uint32_t first_reader_of(std::uint32_t message) const {
        return facts_[message].first_reader;
    }
    [[nodiscard]] std::uint32_t last_reader_of(std::uint32_t message) const {
        return facts_[message].last_reader;
    }
    [[nodiscard]] bool must_have_committed(std::uint32_t row) const { return committed_[row]; }

    /// By offset, then message; each once.
    [[nodiscard]] std::span<const place> log_of(std::uint32_t partition) const {
        const auto begin = logs_[partition];
        return std::span(places_).subspan(begin, logs_[partition + 1] - begin);
    }
    /// Those at positions above the one and below the other.
    [[nodiscard]] std::span<const place> between(std::uint32_t partition,
                                                 std::uint32_t above,
                                                 std::uint32_t below) const;
    /// `none` where the offset is unknown or the message lies nowhere. A send that was not told its
    /// offset has that of its message, if that is one.
    [[nodiscard]] std::uint32_t position_of(const event& what) const;
    /// The lowest and the highest of a message; `none` if it lies nowhere.
    [[nodiscard]] std::uint32_t first_position_of(std::uint32_t message) const {
        return facts_[message].first_position;
    }
    [[nodiscard]] std::uint32_t last_position_of(std::uint32_t message) const {
        return facts_[message].last_position;
    }
    [[nodiscard]] std::int64_t offset_of(std::uint32_t message) const {
        return facts_[message].offset;
    }
    /// Of messages that several operations sent: nothing sure can be said of them.
    [[nodiscard]] std::uint64_t sent_twice() const { return sent_twice_; }

  private:
    struct fact {
        /// The first place that was met.
        std::int64_t offset = unknown_offset;
        std::uint32_t writer = none;
        std::uint32_t first_reader = none;
        std::uint32_t last_reader = none;
        std::uint32_t first_position = none;
        std::uint32_t last_position = none;
    };

    void find_writers_and_readers();
    void note_writer(fact& message, std::uint32_t row);
    static void note_reader(fact& message, std::uint32_t row);
    void find_committed();
    void find_places();
    void add_place(const event& what);
    void group_places();
    void number_places(std::uint32_t partition);

    const recording& history_;
    positions order_;
    std::vector<fact> facts_;
    std::vector<bool> committed_;
    /// Places of messages that lie at more than one.
    std::vector<place> further_;
    std::vector<place> places_;
    /// The position of each place.
    std::vector<std::uint32_t> positions_;
    /// Where each partition's places begin; one more than there are partitions.
    std::vector<std::size_t> logs_;
    std::uint64_t sent_twice_ = 0;
};

}  // namespace verdikt::checker::log
