/// What became of an operation that sends several records: `ok` if all of them were written, `fail`
/// if none was nor ever will be, `info` otherwise.
#pragma once

#include "checker/history/operation.h"
#include "client/producer.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>

namespace verdikt::workloads {

class send_outcome {
  public:
    /// So many records are to be sent.
    explicit send_outcome(std::size_t asked) : asked_(asked) {}

    /// A record found no place to wait in, and those behind it are not tried.
    void refuse(const client::error& why) { why_ = why; }
    /// The offset is told if the record was written.
    void take(const client::delivery& outcome, std::int64_t& offset) {
        if (const auto* told = std::get_if<client::delivered>(&outcome)) {
            offset = told->offset.value();
            ++written_;
        } else if (const auto* refused = std::get_if<client::failed>(&outcome)) {
            why_ = refused->why;
        } else {
            unsure_ = true;
            why_ = std::get<client::unknown>(outcome).why;
        }
    }

    [[nodiscard]] checker::history::op_type type() const {
        using checker::history::op_type;
        if (written_ == asked_) return op_type::ok;
        return unsure_ || written_ != 0 ? op_type::info : op_type::fail;
    }
    /// What was last in the way; nothing if all were written.
    [[nodiscard]] const std::optional<client::error>& why() const { return why_; }

  private:
    std::size_t asked_;
    std::size_t written_ = 0;
    bool unsure_ = false;
    std::optional<client::error> why_;
};

}  // namespace verdikt::workloads
