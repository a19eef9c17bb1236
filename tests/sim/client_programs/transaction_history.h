/// What transactional programs did, and whether what a read_committed reader found agrees with it.
///
/// Every record carries the name of its transaction. A transaction is `open` until its program asks
/// for a commit: whatever happens, nothing of it may be found. From then on it is `unknown` until
/// an answer comes. The judge wants
///  - of a committed transaction every record, once;
///  - of one that was not (aborted, refused, never asked for) none;
///  - of an unknown one all or none;
///  - in each partition the records of one program in the order in which they were written;
///  - the last offset that a group committed in transactions to be that of the last transaction of
///    its program that counts.
#pragma once

#include "kafka/types.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::tests {

struct transaction_name {
    int program = 0;
    int number = 0;

    auto operator<=>(const transaction_name&) const = default;
};

/// "program/number/record".
struct transactional_record {
    transaction_name of;
    int record = 0;

    [[nodiscard]] std::string text() const;
    /// Requires: a text of that form.
    [[nodiscard]] static transactional_record read(std::string_view text);
    auto operator<=>(const transactional_record&) const = default;
};

struct found_transactional {
    transactional_record what;
    kafka::topic_partition where;
    kafka::offset offset;
};

enum class transaction_fate { open, unknown, committed, aborted };

class transaction_history {
  public:
    void begun(const transaction_name& name) { transactions_[name] = {}; }
    /// The producer has taken it.
    void written(const transaction_name& name) { ++transactions_.at(name).records; }
    void offsets_sent(const transaction_name& name) { transactions_.at(name).has_offsets = true; }
    void commit_asked(const transaction_name& name) { fate(name) = transaction_fate::unknown; }
    void committed(const transaction_name& name) { fate(name) = transaction_fate::committed; }
    void aborted(const transaction_name& name) { fate(name) = transaction_fate::aborted; }

    /// What is wrong with the committed records of all partitions, each in the order of its
    /// offsets.
    [[nodiscard]] std::vector<std::string> judge(
        const std::vector<found_transactional>& found) const;
    /// What is wrong with the offset that the program's transactions left, if any: each commits its
    /// number.
    [[nodiscard]] std::optional<std::string> judge_offset(int program,
                                                          std::optional<int> found) const;

    [[nodiscard]] std::size_t count(transaction_fate which) const;

  private:
    struct transaction {
        int records = 0;
        bool has_offsets = false;
        transaction_fate fate = transaction_fate::open;
    };

    [[nodiscard]] transaction_fate& fate(const transaction_name& name) {
        return transactions_.at(name).fate;
    }

    std::map<transaction_name, transaction> transactions_;
};

}  // namespace verdikt::tests
