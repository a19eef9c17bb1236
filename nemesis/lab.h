/// Where faults happen: nodes that can be started, stopped and broken.
///
/// A lab says beforehand which faults it cannot inject and why; it never skips one silently. Every
/// act returns evidence, and every act is undone by command, by a timer on the node itself, and
/// when the pipe to the node's agent closes.
///
/// Lives on one executor and is used from there only. Requires: `stop` has returned before it is
/// destroyed.
#pragma once

#include "nemesis/placement.h"
#include "runtime/awaitable.h"

#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::nemesis {

/// That a fault bit, or how little it did.
struct evidence {
    bool bit = false;
    std::string text;                                 ///< `231 packets dropped`
    std::map<std::string, std::int64_t> counts = {};  ///< The same for programs.

    bool operator==(const evidence&) const = default;
};

/// Names one act on one host, so that it can be undone; chosen by the caller, never used twice.
using act_id = std::uint64_t;

struct program_result {
    int exit_code = 0;
    std::string output;
    std::string errors;
};

class lab {
  public:
    template <typename T>
    using reply = runtime::awaitable<std::expected<T, std::string>>;

    virtual ~lab() = default;

    /// `local`, `processes`.
    [[nodiscard]] virtual std::string name() const = 0;
    [[nodiscard]] virtual std::vector<std::int32_t> nodes() const = 0;
    /// host:port,host:port for clients.
    [[nodiscard]] virtual std::string bootstrap_servers() const = 0;
    /// Why faults of that kind cannot be injected here; nothing if they can. Known once `start` has
    /// returned.
    [[nodiscard]] virtual std::optional<std::string> refusal(fault_kind kind) const = 0;

    /// Makes hosts and starts a broker on each; returns when their processes run, not when they
    /// serve. After a failure `stop` is still due.
    virtual reply<void> start() = 0;
    /// Undoes every fault, ends every broker (in good order, then not) and takes the hosts down.
    /// Idempotent.
    virtual runtime::awaitable<void> stop() = 0;

    /// Requires: `refusal` has nothing against it. Undone after `heal_after`, if not by then.
    virtual reply<evidence> apply(act_id act,
                                  placed_fault what,
                                  std::chrono::milliseconds heal_after) = 0;
    /// What was undone already, by its timer, tells what it did all the same.
    virtual reply<evidence> heal(act_id act, std::int32_t host) = 0;
    /// Every act on every host.
    virtual reply<void> heal_all() = 0;

    /// Whether the broker's process runs (paused or not).
    virtual reply<bool> is_running(std::int32_t node) = 0;
    /// Runs a program on a host to its end.
    virtual reply<program_result> run(std::int32_t host, std::vector<std::string> words) = 0;
    /// The files of a node, where they can be read as long as the lab runs: its configuration, the
    /// broker's output (`broker.log`), its data (`data`).
    [[nodiscard]] virtual std::filesystem::path folder_of(std::int32_t node) const = 0;
    /// Copies the broker's data to a folder that outlives the lab.
    virtual reply<void> collect_data(std::int32_t node, std::filesystem::path into) = 0;
};

}  // namespace verdikt::nemesis
