/// Carries a compaction out: reads the dirty part, writes cleaned segments beside the old ones, and
/// has the log put them in their place.
///
/// Appends and reads go on meanwhile. A cleaned log is complete and synced under its `.cleaned`
/// name; the rename to `.swap` decides, and recovery finishes what was decided (leftovers.h).
#pragma once

#include "broker/storage/compaction.h"
#include "broker/storage/segment_files.h"
#include "broker/storage/stored_log.h"
#include "runtime/environment.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace verdikt::broker::storage {

class compactor {
  public:
    compactor(runtime::environment& world, std::shared_ptr<stored_log> log);

    /// How much of the log is dirty; `first_dirty` is what the last `run` returned.
    [[nodiscard]] cleaning_plan plan(kafka::offset first_dirty) const;

    /// Compacts what the plan names, and returns up to where the log is clean now; nothing if a
    /// batch was damaged or the log was cut meanwhile.
    [[nodiscard]] file_result<std::optional<kafka::offset>> run(cleaning_plan what);

  private:
    [[nodiscard]] kafka::timestamp now() const;
    [[nodiscard]] std::set<kafka::offset> needed_offsets(
        const std::vector<segment_group>& groups) const;
    /// Returns how many of the segments the map covers.
    [[nodiscard]] file_result<std::size_t> map_keys(cleaning_plan what);
    [[nodiscard]] file_result<bool> map_segment(segment_ptr from);
    [[nodiscard]] bool map_batch(const kafka::records::batch_view& batch);
    [[nodiscard]] file_result<bool> clean_group(segment_group group, batch_cleaner& cleaner);
    [[nodiscard]] file_result<segment_ptr> create_cleaned(segment_group group);
    [[nodiscard]] file_result<bool> clean_segment(segment_ptr from,
                                                  segment_ptr into,
                                                  batch_cleaner& cleaner);
    [[nodiscard]] file_result<> write_out(segment_ptr into);

    runtime::environment& world_;
    std::shared_ptr<stored_log> log_;
    log_config config_;
    std::vector<segment_ptr> segments_;
    latest_offsets latest_;
    aborted_ranges aborted_;
    kafka::records::byte_buffer scratch_;
    kafka::records::byte_buffer pending_;  ///< Cleaned batches not written yet.
};

}  // namespace verdikt::broker::storage
