/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

void startup (const char *name);
