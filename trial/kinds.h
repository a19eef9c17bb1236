/// The workloads that a trial can be held over, by name: what makes each, and what judges it.
///
/// A new one is a file trial/NAME_kind.cpp with its `kind`, and a row in kinds.cpp. The trial, the
/// command line and the analysis of stored runs know workloads by this table alone.
#pragma once

#include "checker/history/reader.h"
#include "checker/verdict/judgement.h"
#include "runtime/environment.h"
#include "workloads/load_options.h"
#include "workloads/recorder/recorder.h"
#include "workloads/workload.h"

#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace verdikt::trial {

struct kind {
    /// As on the command line; Jepsen's where it has one.
    std::string_view name;
    /// What it does, in one line.
    std::string_view summary;
    /// Who judges it, by the name under which the report shows the opinion.
    std::string_view checker;

    /// World and history outlive it. Names of topics, groups and transactional ids are its own.
    std::unique_ptr<workloads::workload> (*make)(runtime::environment& world,
                                                 const workloads::load_options& load,
                                                 workloads::recorder& history);
    /// Judges by what the options promise. Too few operations (`load.operations_min`) are a doubt.
    /// The history is as the recorder wrote it; it may be cut short.
    std::expected<checker::judgement, checker::history::malformed> (*judge)(
        checker::history::byte_source& history, const workloads::load_options& load);
    /// key=value, for every broker, before what the user asks for.
    std::span<const std::string_view> overrides = {};
};

[[nodiscard]] std::span<const kind* const> all_kinds();
/// The reason names the nearest known one.
[[nodiscard]] std::expected<const kind*, std::string> find_kind(std::string_view name);

// Each is defined in the file of its name.
extern const kind queue_kind;
extern const kind compaction_kind;
extern const kind admin_kind;
extern const kind mixed_durability_kind;
extern const kind exactly_once_kind;
extern const kind groups_kind;
extern const kind list_append_kind;
extern const kind rw_register_kind;

}  // namespace verdikt::trial
