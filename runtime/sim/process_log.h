/// The log of one simulated process: into the world's trace, and to standard error on request.
///
/// VERDIKT_SIM_LOG=debug|info|warning|error prints lines from that level on; what is recorded in
/// the trace does not depend on it.
#pragma once

#include "runtime/log.h"

namespace verdikt::runtime::sim {

class process;

class process_log final : public log_sink {
  public:
    explicit process_log(process& of) : process_(of) {}

    [[nodiscard]] bool enabled(log_level level) const override;

  protected:
    void write_line(log_level level,
                    std::string_view event,
                    std::span<const log_field> fields) override;

  private:
    process& process_;
};

}  // namespace verdikt::runtime::sim
