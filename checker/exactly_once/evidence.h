/// What every part of the exactly-once checker looks at, and how it words what it finds.
#pragma once

#include "checker/exactly_once/recording.h"
#include "checker/exactly_once/settings.h"
#include "checker/verdict/findings.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace verdikt::checker::exactly_once {

class evidence {
  public:
    /// References outlive it.
    evidence(const recording& seen, const settings& wanted);

    const recording& history;
    const settings& asked;

    /// Of one input.
    [[nodiscard]] std::span<const output> outputs_of(std::uint32_t input) const {
        return std::span(history.outputs).subspan(first_[input], first_[input + 1] - first_[input]);
    }
    /// The line since which it is known that the attempt was committed, or `never`.
    [[nodiscard]] std::int64_t known_since(std::uint32_t attempt) const {
        return known_since_[attempt];
    }
    /// The line that shows that.
    [[nodiscard]] std::int64_t shown_by(std::uint32_t attempt) const { return shown_by_[attempt]; }
    /// A reader was given an output of it, whatever became of it, or it is `ok`.
    [[nodiscard]] bool took_effect(std::uint32_t attempt) const {
        return history.attempts[attempt].type == history::op_type::ok || shown_by_[attempt] >= 0;
    }

    /// "operation 12".
    [[nodiscard]] std::string operation(std::uint32_t attempt) const;
    /// Where the input was and where the output lies, as far as it is known.
    [[nodiscard]] std::vector<log_place> places(std::uint32_t input) const;

  private:
    std::vector<std::uint32_t> first_;  ///< Of the outputs of each input.
    std::vector<std::int64_t> known_since_;
    std::vector<std::int64_t> shown_by_;
};

/// In order, each once; those below 0 are left out.
[[nodiscard]] std::vector<std::int64_t> in_order(std::vector<std::int64_t> indexes);

// Each reports the anomaly of its name; how it is told is said where it is.
void check_duplicates(const evidence& seen, findings& into);
void check_losses(const evidence& seen, findings& into);
void check_zombies(const evidence& seen, findings& into);
void check_offsets(const evidence& seen, findings& into);

}  // namespace verdikt::checker::exactly_once
