/// Records in the making: each is applied to the image of the appended state as it is written, so
/// that the next one is decided on what the ones before it made.
#pragma once

#include "broker/controller/settings.h"
#include "broker/metadata/image.h"
#include "broker/metadata/record.h"
#include "kafka/types.h"

#include <string_view>
#include <utility>
#include <vector>

namespace verdikt::broker::controller {

/// `min.insync.replicas` of the topic: its own, else that of all brokers, else the setting.
[[nodiscard]] std::int64_t min_insync_replicas(const metadata::image& image,
                                               const controller_settings& settings,
                                               std::string_view topic);

/// Lives for one decision. What it is made of outlives it.
class draft {
  public:
    draft(metadata::image& image, const controller_settings& settings, metadata::log_position first)
        : image_(image), settings_(settings), next_(first) {}

    [[nodiscard]] const metadata::image& image() const { return image_; }
    [[nodiscard]] const controller_settings& settings() const { return settings_; }
    /// Where the next record will lie.
    [[nodiscard]] kafka::offset next_offset() const { return next_.offset; }

    /// Aborts if the image refuses the record: the controller writes only what applies.
    void append(metadata::record which);

    [[nodiscard]] std::vector<metadata::record> take() { return std::exchange(records_, {}); }

    [[nodiscard]] std::int64_t min_insync_replicas(std::string_view topic) const {
        return controller::min_insync_replicas(image_, settings_, topic);
    }
    [[nodiscard]] bool unclean_election_enabled(std::string_view topic) const;

  private:
    metadata::image& image_;
    const controller_settings& settings_;
    metadata::log_position next_;
    std::vector<metadata::record> records_;
};

}  // namespace verdikt::broker::controller
