/// A broker in a process and a directory of its own, on a port that the kernel chose.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace verdikt::tests {

class broker_process {
  public:
    /// Returns once it listens; throws if it does not within a minute.
    broker_process();
    broker_process(const broker_process&) = delete;
    broker_process& operator=(const broker_process&) = delete;
    ~broker_process();

    /// SIGKILL, and the same directory and port again.
    void kill_and_restart();
    [[nodiscard]] std::string address() const;

  private:
    void start();
    void end(int signal);
    [[nodiscard]] std::uint16_t wait_for_port() const;

    std::filesystem::path directory_;
    std::uint16_t port_ = 0;
    pid_t process_ = -1;
};

}  // namespace verdikt::tests
