/// Writes a history of transactions as elle-cli can bear it.
///
/// Elle hangs for ever on histories whose lines carry an `:index`, throws on a process that begins
/// while its operation is open and on what was begun, seen and never ended, and takes nil and []
/// for two different states of a list. So: no index; processes get fresh numbers, another one after
/// each `:info`; what never ended ends as `:info` at the end of the history; what the nemesis did
/// is left out; a read that did not succeed is nil, and one of an unwritten list is [].
#pragma once

#include "checker/history/operation.h"

#include <cstdint>
#include <map>
#include <string>

namespace verdikt::checker::elle {

enum class dialect : std::uint8_t { list_append, rw_register };

class elle_history {
  public:
    explicit elle_history(dialect what) : dialect_(what) {}

    /// Appends the line as EDN, if Elle shall see it. Requires: a process begins only when its
    /// operation before has ended.
    void take(const history::operation& line, std::string& out);
    /// Appends the ends of what never ended.
    void finish(std::string& out);

  private:
    struct seat {
        std::int64_t number = 0;
        bool open = false;
        /// What was begun: all that is known of what never ends.
        history::datum begun;
        std::string f;
    };

    void append_line(const seat& who,
                     history::op_type type,
                     std::string_view f,
                     history::datum_view value,
                     std::int64_t time,
                     std::string& out) const;
    void append_value(history::datum_view value, history::op_type type, std::string& out) const;
    void append_read(history::datum_view what, bool known, std::string& out) const;

    dialect dialect_;
    /// Ordered, because what is open is closed in this order.
    std::map<std::int64_t, seat> seats_;
    std::int64_t next_number_ = 0;
    std::int64_t last_time_ = 0;
};

}  // namespace verdikt::checker::elle
