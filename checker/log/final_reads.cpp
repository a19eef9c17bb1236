#include "checker/log/final_reads.h"

namespace verdikt::checker::log {

namespace {

using history::op_type;

/// What a process holds since its last `assign` or `subscribe`.
struct holding {
    std::uint32_t since = 0;
    bool from_beginning = false;
    std::vector<std::uint32_t> partitions;
};

class final_read_search {
  public:
    explicit final_read_search(const recording& history)
        : history_(history), held_(history.processes()), found_(history.partitions().size()) {}

    std::vector<final_read> run() {
        const auto& rows = history_.rows();
        for (std::uint32_t at = 0; at < rows.size(); ++at) {
            if (rows[at].type == op_type::ok) take(at, rows[at]);
        }
        return std::move(found_);
    }

  private:
    void take(std::uint32_t at, const row& what) {
        switch (what.what) {
            case act::assign:
            case act::subscribe:
                hold(what);
                break;
            case act::poll:
            case act::txn:
                look_at_poll(at, what);
                break;
            case act::send:
            case act::list_offsets:
                break;
        }
    }

    void hold(const row& what) {
        holding& held = held_[what.process];
        held = {what.begun, what.from_beginning, {}};
        for (const event& one : history_.events_of(what)) {
            if (one.kind == event_kind::held) held.partitions.push_back(one.subject);
        }
    }

    void look_at_poll(std::uint32_t at, const row& what) {
        const holding& held = held_[what.process];
        bool empty = true;
        for (const event& one : history_.events_of(what)) {
            if (one.kind == event_kind::at_end) {
                note(one.subject, {held.since, certainty::certain, at});
            } else if (one.kind == event_kind::polled) {
                empty = false;
            }
        }
        if (!held.from_beginning || !empty) return;
        for (const std::uint32_t partition : held.partitions) {
            note(partition, {held.since, certainty::inferred, at});
        }
    }

    void note(std::uint32_t partition, final_read what) {
        if (what.since > found_[partition].since) found_[partition] = what;
    }

    const recording& history_;
    std::vector<holding> held_;
    std::vector<final_read> found_;
};

}  // namespace

std::vector<final_read> find_final_reads(const recording& history) {
    return final_read_search(history).run();
}

}  // namespace verdikt::checker::log
