/// A simulated TCP connection: two ends, each with what it has sent and the other not yet read.
///
/// An end is open until its own side closes it, the network breaks it, or its process dies. What it
/// sent travels as pieces that arrive in order. A piece that meets a closed path is held and sent
/// again when the path heals; an end whose pieces are held, or whose peer's acknowledgements cannot
/// come back, gives up after the retransmission limit. A piece that arrives at an end that is no
/// longer open is answered with a reset.
///
/// The connection is freed when both streams have let go of their ends.
///
/// Invariants: read <= delivered <= written, in each direction; only an open end sends data.
#pragma once

#include "runtime/errc.h"
#include "runtime/sim/byte_ring.h"
#include "runtime/sim/event_queue.h"
#include "runtime/sim/pending_wait.h"
#include "runtime/sim/trace.h"

#include <array>
#include <deque>
#include <expected>
#include <memory>
#include <optional>

namespace verdikt::runtime::sim {

class connection;
class switchboard;

class connection_end final : public unlinked_on_death, private event {
  public:
    connection_end(connection& whole, node_index at, instant established, std::uint64_t window);
    ~connection_end() = default;

    /// What a read returns now; nothing if it has to wait.
    std::optional<std::expected<std::size_t, errc>> try_read(mutable_bytes into);
    /// Takes as much as there is room for: 0 if the writer has to wait.
    std::expected<std::size_t, errc> try_write(const_bytes bytes);
    /// In good order, or by a reset if something arrived that nobody read.
    void close();

    /// The wait to finish when there is something to read, or room to write.
    pending_wait*& reader() { return reader_; }
    pending_wait*& writer() { return writer_; }

    /// The process died: its kernel resets the connection.
    void reset_by_death();
    /// The machine lost power: the end is gone without a word.
    void vanish();
    /// Breaks this end alone.
    void lose();
    /// A path to or from the other node opened.
    void path_opened();

    [[nodiscard]] bool is_open() const { return state_ == state::open; }
    [[nodiscard]] node_index at() const { return at_; }
    [[nodiscard]] connection_end& peer() const;
    [[nodiscard]] connection& whole() const { return whole_; }

    void check_invariants() const;

  private:
    enum class state { open, closed, broken };
    enum class piece_kind : std::uint8_t { data, end, reset };

    struct piece {
        instant due;
        std::uint64_t end;      ///< Position in the stream behind its last byte.
        std::uint64_t content;  ///< Hash.
        piece_kind kind;
    };

    /// The retransmission timer of this end.
    class give_up final : public event {
      public:
        explicit give_up(connection_end& whose) : end_(whose) {}

      private:
        void fire() override;

        connection_end& end_;
    };

    void fire() override;
    void push(piece_kind kind, std::uint64_t size, std::uint64_t content);
    void deliver(const piece& arrived);
    void arrive_data(const piece& arrived);
    void arrive_end();
    void arrive_reset();
    void drop_pieces();
    void start_giving_up();
    void stop_giving_up();
    void wake_both();
    void send_reset();

    connection& whole_;
    node_index at_;
    state state_ = state::open;
    bool end_arrived_ = false;     ///< The other end closed, and all that it sent is delivered.
    bool held_ = false;            ///< The first piece waits for the path to open.
    bool unacknowledged_ = false;  ///< Delivered, but the path back was closed.
    bool reset_sent_ = false;
    std::uint64_t window_;
    std::uint64_t delivered_ = 0;  ///< Of what this end sent.
    instant last_due_;
    byte_ring sent_;
    std::deque<piece> pieces_;
    give_up give_up_{*this};
    pending_wait* reader_ = nullptr;
    pending_wait* writer_ = nullptr;
};

class connection final : public unlinked_on_death {
  public:
    connection(switchboard& over, node_index client, node_index server);

    [[nodiscard]] connection_end& client() { return client_; }
    [[nodiscard]] connection_end& server() { return server_; }
    [[nodiscard]] switchboard& wires() const { return wires_; }
    [[nodiscard]] bool between(node_index one, node_index other) const;

    /// One stream let go; the second time frees the connection.
    void release();

  private:
    switchboard& wires_;
    connection_end client_;
    connection_end server_;
    int held_by_ = 2;
};

struct let_go {
    void operator()(connection_end* end) const {
        end->close();
        end->whole().release();
    }
};
using held_end = std::unique_ptr<connection_end, let_go>;

}  // namespace verdikt::runtime::sim
