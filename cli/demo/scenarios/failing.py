"""placeholder"""
async def workers_killed(world): raise NotImplementedError
async def temporal_down(world): raise NotImplementedError
async def pools_stopped(world): raise NotImplementedError
